using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>Random masks of drop path and dropout.</summary>
internal static class Masks
{
    /// <summary>
    /// A mask of 0 and 1/(1 − rate) on <paramref name="like"/>'s device. It is drawn on the CPU whatever the device, so
    /// that a seed means the same run everywhere; masks hold a number per image or channel, so the copy is nothing.
    /// </summary>
    public static Tensor KeepOrDrop(Tensor like, long[] shape, double rate, Generator generator)
    {
        Tensor mask = Tensor.Bernoulli(shape, 1 - rate, generator);
        mask.Mul_(1 / (1 - rate));
        return mask.To(like.Device).To(like.Type);
    }
}
