using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Class weights as tensors.</summary>
internal static class ClassFactors
{
    /// <summary>The weights <c>[K]</c> in the type and on the device of the logits; null for none.</summary>
    public static Tensor? Of(IReadOnlyList<double>? weights, Tensor logits) => weights is null
        ? null
        : Tensor.FromArray<double>([.. weights], [weights.Count]).To(logits.Type).To(logits.Device);

    /// <summary>The weight of every pixel's class <c>[n, H, W]</c>; any number where ignored.</summary>
    /// <param name="factors">The weights <c>[K]</c>.</param>
    /// <param name="labels">Labels <c>[n, H, W]</c>.</param>
    public static Tensor OfPixels(Tensor factors, Tensor labels)
    {
        using TensorScope scope = new();
        Tensor known = Tensor.Where(labels.Ne(LabelMap.Ignore), labels, Tensor.ZerosLike(labels));
        return scope.Keep(factors.IndexSelect(0, known.Flatten()).Reshape(labels.Shape));
    }
}
