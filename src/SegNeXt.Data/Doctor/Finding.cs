namespace SegNeXt.Data;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Training fails with it, or learns the wrong thing.</summary>
    Error,

    /// <summary>Probably a mistake; training or its figures suffer.</summary>
    Warning,

    /// <summary>Good to know; nothing need be changed.</summary>
    Note,
}

/// <summary>A file that a finding is about.</summary>
/// <param name="Path">The file.</param>
/// <param name="Detail">What is the matter with this one, or null where the finding says it all.</param>
public readonly record struct FindingFile(string Path, string? Detail = null);

/// <summary>One thing that was found out about a data set, with what to do about it.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Code">A stable short name, such as <c>binary-masks</c>.</param>
/// <param name="Summary">What was found, in a sentence or two.</param>
/// <param name="Remedy">What to change, in a sentence.</param>
/// <param name="Files">All files concerned, in the order of their paths; empty where it is about the set as a whole.</param>
public sealed record Finding(FindingSeverity Severity, string Code, string Summary, string Remedy, IReadOnlyList<FindingFile> Files)
{
    /// <summary>Whether every file should be named, rather than a few of them.</summary>
    public bool NameAll { get; init; }

    /// <summary>A command line that does what the remedy says, or null.</summary>
    public string? Command { get; init; }

    /// <summary>Whether something should be changed: an error or a warning.</summary>
    public bool IsProblem => Severity != FindingSeverity.Note;
}
