using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Cross entropy against a distribution over the classes: <c>−Σₖ tₖ · log softmax(x)ₖ</c>, averaged over the batch.</summary>
public static class SoftTargetCrossEntropy
{
    /// <summary>The loss.</summary>
    /// <param name="logits">Logits <c>[N, K]</c>.</param>
    /// <param name="targets">Distributions <c>[N, K]</c>.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(Tensor logits, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        return (logits.LogSoftmax(1) * targets).Sum() * (-1.0 / logits.Size(0));
    }
}
