using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>Chains of operations in which each intermediate tensor is freed as soon as the next one stands.</summary>
internal static class TensorPipeline
{
    /// <summary>
    /// Applies <paramref name="step"/> and disposes its input, so that a chain holds two maps at a time, not all of
    /// them; what autograd still needs it keeps by itself. The step must give a tensor of its own, not its input.
    /// </summary>
    public static Tensor Then(this Tensor x, Func<Tensor, Tensor> step)
    {
        using (x)
        {
            return step(x);
        }
    }
}
