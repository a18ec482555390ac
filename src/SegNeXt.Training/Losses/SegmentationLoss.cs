using SegNeXt.Models;

namespace SegNeXt.Training;

/// <summary>From the configuration to a loss.</summary>
public static class SegmentationLoss
{
    /// <summary>The loss that a run learns by.</summary>
    /// <param name="settings">Names, weights and parameters.</param>
    /// <param name="classWeights">A factor per class <c>[K]</c> for all of them, or null for 1.</param>
    /// <param name="kernels">Whose kernels compute cross entropy.</param>
    public static ISegmentationLoss Create(LossSettings settings, IReadOnlyList<double>? classWeights, KernelChoice kernels = KernelChoice.Libtorch)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (double Weight, ISegmentationLoss Loss)[] terms =
            [.. settings.Formula.Terms.Select(term => (term.Weight, One(term.Kind, settings, classWeights, kernels)))];
        return terms is [(1, { } only)] ? only : new WeightedLosses(terms);
    }

    private static ISegmentationLoss One(LossKind kind, LossSettings settings, IReadOnlyList<double>? classWeights, KernelChoice kernels) => kind switch
    {
        LossKind.CrossEntropy => new CrossEntropyLoss(settings.Average, classWeights, kernels),
        LossKind.Ohem => new OhemLoss(settings.OhemThreshold, settings.OhemMinKept, settings.Average, classWeights),
        LossKind.Focal => new FocalLoss(settings.FocalGamma, settings.FocalAlpha, settings.Average, classWeights),
        LossKind.Dice => new DiceLoss(settings.DiceSmooth, settings.DiceExponent, classWeights),
        LossKind.Lovasz => new LovaszLoss(settings.LovaszClasses, settings.LovaszPerImage, classWeights),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such loss."),
    };
}
