namespace SegNeXt.Training;

/// <summary>The outcome of a run.</summary>
/// <param name="Iterations">Iterations done.</param>
/// <param name="BestMeanIoU">Best validation mIoU, NaN when none was evaluated.</param>
/// <param name="Last">The last evaluation, or null.</param>
/// <param name="Seconds">Seconds trained, resumed parts included.</param>
/// <param name="Ended">Why it ended before its last iteration; null where it did not.</param>
public sealed record TrainingSummary(int Iterations, double BestMeanIoU, EvaluationResult? Last, double Seconds, string? Ended = null);
