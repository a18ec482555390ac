using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Focal loss over the softmax: the mean over pixels of <c>−α · w_y · (1 − p_y)^γ · ln p_y</c>.</summary>
/// <remarks>
/// Lin et al., Focal Loss for Dense Object Detection (ICCV 2017), Eq. 5. The paper's p is a sigmoid per class; this is the
/// multi-class form, with the softmax probability p_y of the true class in its place, which is cross entropy for γ = 0. The
/// paper's α, a weight of the foreground, becomes the class weights w; α itself scales the whole.
/// </remarks>
/// <param name="gamma">γ ≥ 0: how much less easy pixels count.</param>
/// <param name="alpha">α above 0.</param>
/// <param name="average">The denominator.</param>
/// <param name="classWeights">A factor per class <c>[K]</c>, or null for 1.</param>
public sealed class FocalLoss(
    double gamma = 2, double alpha = 1, LossAverage average = LossAverage.All, IReadOnlyList<double>? classWeights = null) : ISegmentationLoss
{
    /// <summary>1 − p is no smaller than this, so that its power has a derivative for every γ; single precision cannot tell it from 0.</summary>
    private const double SmallestRest = 1e-8;

    /// <inheritdoc/>
    public Tensor Forward(Tensor logits, Tensor labels) =>
        EagerGradient.Of(logits, (x, wantsGradient) =>
        {
            double scale = alpha * PixelAverage.Scale(average, labels, labels);
            Tensor? weights = ClassFactors.Of(classWeights, x);
            return ImageChunks.Sum(x, labels, wantsGradient, (resized, ids) =>
            {
                Tensor loss = Functional.CrossEntropy(resized, ids, null, LabelMap.Ignore, Reduction.None); // −ln p_y, 0 where ignored
                Tensor factor = (1 - (-loss).Exp()).Clamp(min: SmallestRest).Pow(gamma);
                Tensor weighted = weights is null ? loss : loss * ClassFactors.OfPixels(weights, ids);
                return (factor * weighted).Sum() * scale;
            });
        });
}
