using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Cross entropy at label size, with label 255 ignored.</summary>
/// <remarks><c>CrossEntropyLoss</c> with <c>avg_non_ignore</c> of mmsegmentation 0.24.1, as the released code uses it.</remarks>
public static class SegmentationLoss
{
    /// <summary>The loss of a batch, differentiable.</summary>
    /// <param name="logits">Logits <c>[N, K, h, w]</c>, resized bilinearly (<c>align_corners=False</c>) to the labels' size here.</param>
    /// <param name="labels">Class ids <c>[N, H, W]</c>, int64; 255 is ignored.</param>
    /// <param name="average">The denominator.</param>
    /// <returns>A scalar; 0 when every pixel is ignored.</returns>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels, LossAverage average = LossAverage.All)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        using TensorScope scope = new();
        (int, int) size = ((int)labels.Size(1), (int)labels.Size(2));
        Tensor resized = Functional.Interpolate(logits, size, InterpolationMode.Bilinear, alignCorners: false);
        Tensor sum = Functional.CrossEntropy(resized, labels, null, LabelMap.Ignore, Reduction.Sum);
        return scope.Keep(sum * (1.0 / Denominator(labels, average)));
    }

    private static double Denominator(Tensor labels, LossAverage average)
    {
        if (average == LossAverage.All)
        {
            return labels.NumElements;
        }

        double valid = labels.Ne(LabelMap.Ignore).To(ScalarType.Int64).Sum().Item();
        return Math.Max(valid, 1);
    }
}
