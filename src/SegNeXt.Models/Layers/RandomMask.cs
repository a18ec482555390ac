using SegNeXt.Kernels;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>What drop path and dropout have in common: <c>y = x · m / (1 − p)</c> with <c>m ~ Bernoulli(1 − p)</c>.</summary>
internal sealed class RandomMask
{
    private readonly double _rate;
    private readonly Generator _generator;

    /// <summary>Creates the mask.</summary>
    /// <param name="rate">Probability p of a 0, 0 ≤ p &lt; 1.</param>
    /// <param name="generator">Where the numbers come from.</param>
    public RandomMask(double rate, Generator generator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rate, 1.0);
        _rate = rate;
        _generator = generator;
    }

    /// <summary>
    /// Multiplies with a mask drawn anew. It is drawn on the CPU whatever the device, so that a seed means the same run
    /// everywhere; masks hold a number per image or channel, so the copy is nothing.
    /// </summary>
    /// <param name="x">Features.</param>
    /// <param name="shape">The mask's shape, which is spread over that of <paramref name="x"/>.</param>
    /// <returns><paramref name="x"/> itself with rate 0, else a new tensor of the same shape.</returns>
    public Tensor Apply(Tensor x, long[] shape)
    {
        if (_rate == 0)
        {
            return x;
        }

        Tensor mask = Draw(shape);
        mask.Mul_(1 / (1 - _rate));
        return x * mask.To(x.Device, nonBlocking: true).To(x.Type);
    }

    /// <summary>The next mask by itself, for a batch of images: the same draw that <see cref="Apply"/> would make.</summary>
    /// <param name="batch">Number of images.</param>
    public DropPathDraw DrawImages(int batch)
    {
        if (_rate == 0)
        {
            return DropPathDraw.None(batch);
        }

        using Tensor mask = Draw([batch, 1, 1, 1]);
        return new DropPathDraw(Array.ConvertAll(mask.ToArray<float>(), static keep => keep != 0), (float)(1 / (1 - _rate)));
    }

    private Tensor Draw(long[] shape) => _generator.DrawImages(shape, all => Tensor.Bernoulli(all, 1 - _rate, _generator));
}
