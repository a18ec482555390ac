namespace SegNeXt.Training;

/// <summary>The outcome of a run.</summary>
/// <param name="Iterations">Iterations done.</param>
/// <param name="BestScore">Best validation mIoU, or top-1 of a classifier; NaN when none was evaluated.</param>
/// <param name="Last">The last evaluation, or null.</param>
/// <param name="Seconds">Seconds trained, resumed parts included.</param>
/// <param name="Ended">Why it ended before its last iteration; null where it did not.</param>
public sealed record TrainingSummary(int Iterations, double BestScore, EvaluationOutcome? Last, double Seconds, string? Ended = null)
{
    /// <summary>Iterations of the whole run.</summary>
    public int Planned { get; init; } = Iterations;
}
