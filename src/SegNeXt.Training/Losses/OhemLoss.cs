using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// Cross entropy on the hard pixels of a batch (online hard example mining): those whose true class has a probability below
/// a threshold, or, where these are fewer than <c>N · minKept</c>, that many hardest ones.
/// </summary>
/// <remarks>
/// Shrivastava et al., Training Region-based Object Detectors with Online Hard Example Mining (CVPR 2016), for pixels as in
/// <c>OHEMPixelSampler</c> of mmsegmentation 0.24.1, whose order of pixels this follows. One difference: where
/// <c>N · minKept</c> covers all labelled pixels they are all kept, while there the easiest one is left out.
/// </remarks>
/// <param name="threshold">
/// The probability in [0, 1] from which a pixel is easy; null to keep the <c>N · minKept</c> of largest weighted loss and no
/// more (ties with the last of them are kept).
/// </param>
/// <param name="minKept">Pixels per image of the batch that are kept at least, ≥ 1.</param>
/// <param name="average">The denominator; mmsegmentation's default is all pixels, kept or not.</param>
/// <param name="classWeights">A factor per class <c>[K]</c>, or null for 1.</param>
public sealed class OhemLoss(
    double? threshold = 0.7, int minKept = 100_000, LossAverage average = LossAverage.All, IReadOnlyList<double>? classWeights = null) : ISegmentationLoss
{
    private readonly CrossEntropyLoss _crossEntropy = new(average, classWeights);

    /// <inheritdoc/>
    public Tensor Forward(Tensor logits, Tensor labels) =>
        EagerGradient.Of(logits, (x, wantsGradient) =>
        {
            Tensor kept = Sample(x, labels);
            return _crossEntropy.Sum(x, kept, wantsGradient, PixelAverage.Scale(average, labels, kept));
        });

    /// <summary>The labels with 255 for the pixels that are left out.</summary>
    /// <param name="logits">Logits <c>[N, K, h, w]</c>.</param>
    /// <param name="labels">Labels <c>[N, H, W]</c>.</param>
    internal Tensor Sample(Tensor logits, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        using TensorScope scope = new();
        using GradMode noGrad = Autograd.NoGrad();
        long atLeast = minKept * labels.Size(0);
        Tensor valid = labels.Ne(LabelMap.Ignore);
        if (valid.Sum().Item() <= atLeast)
        {
            return scope.Keep(labels.Detach());
        }

        // How easy a pixel is. The ignored ones are the easiest, and what is no number counts as hard, so that it is seen.
        Tensor loss = _crossEntropy.Map(logits, labels, weighted: threshold is null);
        Tensor ease = threshold is null ? -loss : (-loss).Exp();
        ease = Tensor.Where(valid, ease, Tensor.Full([], double.PositiveInfinity, ease.Type, ease.Device));
        Tensor easy = threshold is { } limit
            ? ease.Ge(Math.Max(limit, ease.Lt(limit).Sum().Item() >= atLeast ? 0 : ease.Flatten().KthValue(atLeast + 1).Item()))
            : ease.Gt(ease.Flatten().KthValue(atLeast).Item());
        return scope.Keep(Tensor.Where(easy, Tensor.Full([], LabelMap.Ignore, ScalarType.Int64, labels.Device), labels));
    }
}
