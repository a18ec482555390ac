namespace SegNeXt.Training;

/// <summary>What of a run's configuration differs from that of the checkpoint it goes on from.</summary>
internal static class ResumeChanges
{
    /// <summary>The keys with both values, in one sentence; null where all are the same.</summary>
    /// <param name="before">The checkpoint's configuration.</param>
    /// <param name="now">The run's.</param>
    public static string? Describe(RunConfig before, RunConfig now)
    {
        string[] changes = [.. ConfigKeys.All
            .Select(key => (key.Name, Before: key.Format(before), Now: key.Format(now)))
            .Where(change => change.Before != change.Now)
            .Select(change => $"{change.Name} {change.Before} → {change.Now}")];
        return changes.Length == 0 ? null : $"Changed since the checkpoint: {string.Join(", ", changes)}.";
    }
}
