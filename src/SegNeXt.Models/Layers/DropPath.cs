using SegNeXt.Kernels;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Drops a residual branch for whole images of the batch in training, <c>y = x · m / (1 − p)</c> with
/// <c>m ~ Bernoulli(1 − p)</c> drawn once per image; the identity in evaluation.
/// </summary>
/// <remarks><c>timm.models.layers.DropPath</c>, which the released <c>mscan.py</c> uses.</remarks>
public sealed class DropPath : Module
{
    private readonly RandomMask _mask;

    /// <summary>Creates the layer.</summary>
    /// <param name="rate">Probability p that a branch is dropped, 0 ≤ p &lt; 1.</param>
    /// <param name="generator">Where the masks come from, so that a run repeats.</param>
    public DropPath(double rate, Generator generator) => _mask = new RandomMask(rate, generator);

    /// <summary>Applies the mask.</summary>
    /// <param name="x">The branch's output <c>[N, C, H, W]</c>.</param>
    /// <returns><paramref name="x"/> itself in evaluation or with rate 0, else a new tensor of the same shape.</returns>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Training ? _mask.Apply(x, [x.Size(0), 1, 1, 1]) : x;
    }

    /// <summary>What <see cref="Forward"/> would multiply with, for kernels that apply it themselves.</summary>
    /// <param name="batch">Number of images.</param>
    internal DropPathDraw Draw(int batch) => Training ? _mask.DrawImages(batch) : DropPathDraw.None(batch);
}
