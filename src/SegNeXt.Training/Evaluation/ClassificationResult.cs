using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>The outcome of a classifier's evaluation.</summary>
/// <param name="Top1">Share of the images whose class has the highest score.</param>
/// <param name="Top5">Share of the images whose class is among the five highest, or among all where there are fewer.</param>
/// <param name="Confusion">Images by class and prediction; null where there are more than 255 classes.</param>
/// <param name="Images">Number of images that were counted.</param>
/// <param name="Seconds">Time it took.</param>
public sealed record ClassificationResult(double Top1, double Top5, ConfusionMatrix? Confusion, int Images, double Seconds) : EvaluationOutcome(Images, Seconds)
{
    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Value)> Figures => [("top1", Top1), ("top5", Top5)];

    /// <summary>Share of each class's images that are right, NaN for a class without images; null where <see cref="Confusion"/> is.</summary>
    public double[]? Accuracies() => Confusion is { } counts ? [.. counts.Compute().Classes.Select(figures => figures.Acc)] : null;
}
