using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// Dice loss: for every image and class <c>1 − (2 Σ p·t + s) / (Σ (p^e + t) + s)</c>, with p the softmax probability of the
/// class and t whether it is the label, summed over the pixels that have one; the mean over images and classes.
/// </summary>
/// <remarks>
/// Milletari et al., V-Net (3DV 2016), Dice loss layer, with exponent 2; per class and smoothed as <c>DiceLoss</c> of
/// mmsegmentation. There the ignored pixels are left out of the numerator alone and so count as wrong; here they count
/// nowhere. An image without labelled pixels adds 0.
/// </remarks>
/// <param name="smooth">s ≥ 0: keeps classes with few pixels from jumping.</param>
/// <param name="exponent">e above 0: 2 as in V-Net, or 1.</param>
/// <param name="classWeights">A factor per class <c>[K]</c>, or null for 1; the mean still divides by K.</param>
public sealed class DiceLoss(double smooth = 1, double exponent = 2, IReadOnlyList<double>? classWeights = null) : ISegmentationLoss
{
    // Of the sums over pixels: keeps 0 / 0 away where there is nothing and no smoothing.
    private const double SmallestSum = 1e-12;

    /// <inheritdoc/>
    public Tensor Forward(Tensor logits, Tensor labels) =>
        EagerGradient.Of(logits, (x, wantsGradient) =>
        {
            int classes = (int)x.Size(1);
            Tensor valid = labels.Ne(LabelMap.Ignore).To(x.Type);
            Tensor counts = valid.Sum([1, 2]).Gt(0).To(x.Type); // [N]: whether the image has a labelled pixel
            double scale = 1.0 / (classes * labels.Size(0));
            return ClassMaps.Sum(x, labels, wantsGradient, [.. Enumerable.Range(0, classes)], (c, p) =>
            {
                Tensor t = labels.Eq(c).To(p.Type);
                Tensor overlap = (p * t).Sum([1, 2]);
                Tensor sizes = ((p.Pow(exponent) * valid) + t).Sum([1, 2]);
                Tensor dice = ((overlap * 2) + smooth) / (sizes + smooth).Clamp(min: SmallestSum);
                return ((1 - dice) * counts).Sum() * (scale * (classWeights?[c] ?? 1));
            });
        });
}
