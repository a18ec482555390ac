namespace SegNeXt.Training;

/// <summary>The outcome of a run.</summary>
/// <param name="Iterations">Iterations done.</param>
/// <param name="BestMeanIoU">Best validation mIoU, NaN when none was evaluated.</param>
/// <param name="Last">The last evaluation, or null.</param>
/// <param name="Seconds">Seconds trained, resumed parts included.</param>
public sealed record TrainingSummary(int Iterations, double BestMeanIoU, EvaluationResult? Last, double Seconds);
