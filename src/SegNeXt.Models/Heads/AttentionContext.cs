using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// MSCA as a decoder's module of context: the attention half of an encoder's block, <c>y = proj_2(MSCA(GELU(proj_1(x)))) + x</c>.
/// Its reach is 21 + 4 positions each way, not the whole map.
/// </summary>
/// <remarks>
/// SegNeXt (arXiv:2209.08575), appendix, Table 2, "w/ MSCA": these parts, and no feed-forward part, make the parameters and
/// multiply-adds that it prints.
/// </remarks>
public sealed class AttentionContext : ContextModule
{
    private readonly SpatialAttention _attention;

    /// <summary>Creates the module with initial weights.</summary>
    /// <param name="dim">Channels D.</param>
    /// <param name="generator">Source of the initial weights.</param>
    public AttentionContext(int dim, Generator generator)
    {
        _attention = RegisterModule(string.Empty, new SpatialAttention(dim));
        foreach (Conv2d convolution in _attention.Convolutions)
        {
            Initialisation.KaimingFanOut(convolution, generator);
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _attention.Forward(x);
}
