using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Multi-scale convolutional attention, MSCA:
/// <c>Att = Conv1×1(Σᵢ Scaleᵢ(DWConv5×5(x)))</c>, <c>y = Att ⊗ x</c>, where Scale₀ is the identity and the others are
/// pairs of depth-wise strips, 1×k then k×1, for k = 7, 11, 21.
/// </summary>
/// <remarks>SegNeXt (arXiv:2209.08575), Eq. 1–2 and Fig. 2; <c>AttentionModule</c> of the released <c>mscan.py</c>.</remarks>
public sealed class MultiScaleAttention : Module
{
    private readonly Conv2d _local;
    private readonly (Conv2d Row, Conv2d Column)[] _strips;
    private readonly Conv2d _mixing;

    /// <summary>Creates the module.</summary>
    /// <param name="dim">Channels C.</param>
    public MultiScaleAttention(int dim)
    {
        _local = RegisterModule("conv0", DepthWise(dim, 5, 5));
        _strips =
        [
            (RegisterModule("conv0_1", DepthWise(dim, 1, 7)), RegisterModule("conv0_2", DepthWise(dim, 7, 1))),
            (RegisterModule("conv1_1", DepthWise(dim, 1, 11)), RegisterModule("conv1_2", DepthWise(dim, 11, 1))),
            (RegisterModule("conv2_1", DepthWise(dim, 1, 21)), RegisterModule("conv2_2", DepthWise(dim, 21, 1))),
        ];
        _mixing = RegisterModule("conv3", new Conv2d(dim, dim, (1, 1)));
    }

    /// <summary>conv0, the strips pair by pair, conv3.</summary>
    internal IReadOnlyList<Conv2d> Convolutions => [_local, .. _strips.SelectMany(static pair => new[] { pair.Row, pair.Column }), _mixing];

    /// <summary>Computes the attention and applies it.</summary>
    /// <param name="x">Features <c>[N, C, H, W]</c>, any H, W ≥ 1.</param>
    /// <returns>A new tensor <c>[N, C, H, W]</c>.</returns>
    public Tensor Forward(Tensor x)
    {
        Tensor local = _local.Forward(x);
        Tensor sum = local;
        foreach ((Conv2d row, Conv2d column) in _strips)
        {
            Tensor scale = row.Forward(local).Then(column.Forward);
            sum = ReferenceEquals(sum, local) ? sum + scale : sum.Then(partial => partial + scale);
            scale.Dispose();
        }

        local.Dispose();
        return sum.Then(_mixing.Forward).Then(attention => attention * x);
    }

    private static Conv2d DepthWise(int dim, int height, int width) =>
        new(dim, dim, (height, width), padding: (height / 2, width / 2), groups: dim);
}
