using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>The feed-forward half of a block: <c>y = fc2(GELU(DWConv3×3(fc1(x))))</c>.</summary>
/// <remarks><c>Mlp</c> and <c>DWConv</c> of the released <c>mscan.py</c>; the hidden width is the expansion ratio of Table 2 times C.</remarks>
public sealed class FeedForward : Module
{
    private readonly Conv2d _expand;
    private readonly Conv2d _depthWise;
    private readonly Conv2d _reduce;

    /// <summary>Creates the module.</summary>
    /// <param name="dim">Channels C.</param>
    /// <param name="hidden">Channels of the expanded layer.</param>
    public FeedForward(int dim, int hidden)
    {
        _expand = RegisterModule("fc1", new Conv2d(dim, hidden, (1, 1)));
        _depthWise = RegisterModule("dwconv", new DepthWiseConv(hidden)).Convolution;
        _reduce = RegisterModule("fc2", new Conv2d(hidden, dim, (1, 1)));
    }

    /// <summary>The convolutions in the order of the equation.</summary>
    internal IReadOnlyList<Conv2d> Convolutions => [_expand, _depthWise, _reduce];

    /// <summary>Computes the module.</summary>
    /// <param name="x">Features <c>[N, C, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, C, H, W]</c>.</returns>
    public Tensor Forward(Tensor x) =>
        _expand.Forward(x).Then(_depthWise.Forward).Then(Functional.Gelu).Then(_reduce.Forward);

    /// <summary>Holds the convolution under the released code's name <c>dwconv.dwconv</c>.</summary>
    private sealed class DepthWiseConv : Module
    {
        public DepthWiseConv(int dim)
        {
            Convolution = RegisterModule("dwconv", new Conv2d(dim, dim, (3, 3), padding: (1, 1), groups: dim));
        }

        public Conv2d Convolution { get; }
    }
}
