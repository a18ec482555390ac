using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Multi-scale convolutional attention, MSCA:
/// <c>Att = Conv1×1(Σᵢ Scaleᵢ(DWConv5×5(x)))</c>, <c>y = Att ⊗ x</c>, where Scale₀ is the identity and the others are
/// pairs of depth-wise strips, 1×k then k×1, for k = 7, 11, 21; and what is left of it when parts are taken away.
/// </summary>
/// <remarks>
/// SegNeXt (arXiv:2209.08575), Eq. 1–2, Fig. 2 and Table 6; <c>AttentionModule</c> of the released <c>mscan.py</c>. A branch
/// keeps its name whichever others there are.
/// </remarks>
public sealed class MultiScaleAttention : AttentionModule
{
    private readonly bool _gates;
    private readonly Conv2d _local;
    private readonly (Conv2d Row, Conv2d Column)[] _strips;
    private readonly Conv2d? _mixing;

    /// <summary>Creates the module.</summary>
    /// <param name="dim">Channels C.</param>
    /// <param name="config">Which branches there are, whether channels are mixed and whether the input is multiplied; null for all of it.</param>
    public MultiScaleAttention(int dim, MscanConfig? config = null)
    {
        config ??= MscanConfig.Tiny;
        IsPlain = config.HasPlainAttention;
        _gates = config.Gating;
        _local = RegisterModule("conv0", DepthWise(dim, 5, 5));
        _strips = [.. config.Branches.Select(side =>
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"conv{MscanConfig.AllBranches.ToList().IndexOf(side)}");
            return (RegisterModule($"{name}_1", DepthWise(dim, 1, side)), RegisterModule($"{name}_2", DepthWise(dim, side, 1)));
        })];
        _mixing = config.ChannelMixing ? RegisterModule("conv3", new Conv2d(dim, dim, (1, 1))) : null;
    }

    /// <summary>conv0, the strips pair by pair, conv3.</summary>
    internal override IReadOnlyList<Conv2d> Convolutions =>
        [_local, .. _strips.SelectMany(static pair => new[] { pair.Row, pair.Column }), .. _mixing is null ? Array.Empty<Conv2d>() : [_mixing]];

    internal override bool IsPlain { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
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
        Tensor attention = _mixing is null ? sum : sum.Then(_mixing.Forward);
        return _gates ? attention.Then(map => map * x) : attention;
    }
}
