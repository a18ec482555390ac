using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Cross entropy: the mean over pixels of <c>−w_y · ln p_y</c>, p the softmax, y the label, w the class weights.</summary>
/// <remarks>
/// <c>CrossEntropyLoss</c> of mmsegmentation 0.24.1, as the released code uses it. As there, and unlike PyTorch's own, the
/// mean divides by the number of pixels and not by the sum of their weights.
/// </remarks>
/// <param name="average">The denominator.</param>
/// <param name="classWeights">A factor per class <c>[K]</c>, or null for 1.</param>
/// <param name="kernels">Whose kernels compute it.</param>
public sealed class CrossEntropyLoss(
    LossAverage average = LossAverage.All, IReadOnlyList<double>? classWeights = null, KernelChoice kernels = KernelChoice.Libtorch) : ISegmentationLoss
{
    /// <inheritdoc/>
    public Tensor Forward(Tensor logits, Tensor labels) =>
        EagerGradient.Of(logits, (x, wantsGradient) => Sum(x, labels, wantsGradient, PixelAverage.Scale(average, labels, labels)));

    /// <summary>The sum over pixels times a factor.</summary>
    internal (Tensor Value, Tensor? Gradient) Sum(Tensor x, Tensor labels, bool wantsGradient, double scale)
    {
        Tensor? weights = ClassFactors.Of(classWeights, x);
        if (kernels == KernelChoice.Fused && FusedCrossEntropy.Take(x))
        {
            return FusedCrossEntropy.Run(x, labels, LabelMap.Ignore, weights, scale, wantsGradient);
        }

        return ImageChunks.Sum(x, labels, wantsGradient, (resized, ids) =>
            Functional.CrossEntropy(resized, ids, weights, LabelMap.Ignore, Reduction.Sum) * scale);
    }

    /// <summary>The summand of every pixel <c>[N, H, W]</c>, 0 where ignored.</summary>
    internal Tensor Map(Tensor x, Tensor labels, bool weighted)
    {
        Tensor? weights = weighted ? ClassFactors.Of(classWeights, x) : null;
        return ImageChunks.Map(x, labels, (resized, ids) =>
            Functional.CrossEntropy(resized, ids, weights, LabelMap.Ignore, Reduction.None));
    }
}
