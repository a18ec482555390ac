using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// The feed-forward part of a block, <c>y = fc2(GELU(DWConv3×3(fc1(x))))</c>, whose zero-padded convolution tells positions apart in
/// place of a positional encoding.
/// </summary>
/// <remarks>Xie et al. (arXiv:2105.15203), Eq. 3; <c>Mlp</c> and <c>DWConv</c> of the released <c>mix_transformer.py</c>.</remarks>
public sealed class MixFeedForward : Module
{
    private readonly Linear _expand;
    private readonly Conv2d _depthWise;
    private readonly Linear _reduce;

    /// <summary>Creates the module.</summary>
    /// <param name="dim">Channels C.</param>
    /// <param name="hidden">Channels of the expanded layer.</param>
    public MixFeedForward(int dim, int hidden)
    {
        _expand = RegisterModule("fc1", new Linear(dim, hidden));
        _depthWise = RegisterModule("dwconv", new DepthWiseConv(hidden)).Convolution;
        _reduce = RegisterModule("fc2", new Linear(hidden, dim));
    }

    /// <summary>Computes the module.</summary>
    /// <param name="x">Features <c>[N, H, W, C]</c>.</param>
    /// <returns>A new tensor <c>[N, H, W, C]</c>.</returns>
    public Tensor Forward(Tensor x) => _expand.Forward(x)
        .Then(hidden => hidden.Permute(0, 3, 1, 2))
        .Then(_depthWise.Forward)
        .Then(map => map.Permute(0, 2, 3, 1))
        .Then(Functional.Gelu)
        .Then(_reduce.Forward);

    /// <summary>Holds the convolution under the released code's name <c>dwconv.dwconv</c>.</summary>
    private sealed class DepthWiseConv : Module
    {
        public DepthWiseConv(int dim)
        {
            Convolution = RegisterModule("dwconv", new Conv2d(dim, dim, 3, padding: 1, groups: dim));
        }

        public Conv2d Convolution { get; }
    }
}
