using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>Drops whole channels in training, with the survivors scaled by 1/(1 − p); the identity in evaluation.</summary>
/// <remarks><c>torch.nn.Dropout2d</c>; the released decode head applies it before the classifier.</remarks>
public sealed class Dropout2d : Module
{
    private readonly RandomMask _mask;

    /// <summary>Creates the layer.</summary>
    /// <param name="rate">Probability p that a channel of an image is dropped, 0 ≤ p &lt; 1.</param>
    /// <param name="generator">Where the masks come from, so that a run repeats.</param>
    public Dropout2d(double rate, Generator generator) => _mask = new RandomMask(rate, generator);

    /// <summary>Applies the mask.</summary>
    /// <param name="x">Features <c>[N, C, H, W]</c>.</param>
    /// <returns><paramref name="x"/> itself in evaluation or with rate 0, else a new tensor of the same shape.</returns>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Training ? _mask.Apply(x, [x.Size(0), x.Size(1), 1, 1]) : x;
    }
}
