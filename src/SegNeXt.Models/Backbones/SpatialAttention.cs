using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>The attention half of a block: <c>y = proj_2(MSCA(GELU(proj_1(x)))) + x</c>.</summary>
/// <remarks>SegNeXt (arXiv:2209.08575), Fig. 2; <c>SpatialAttention</c> of the released <c>mscan.py</c>.</remarks>
public sealed class SpatialAttention : Module
{
    private readonly Conv2d _projectionIn;
    private readonly AttentionModule _attention;
    private readonly Conv2d _projectionOut;

    /// <summary>Creates the module.</summary>
    /// <param name="dim">Channels C.</param>
    /// <param name="config">The encoder, whose kind of attention it has; null for MSCA with nothing left out.</param>
    public SpatialAttention(int dim, MscanConfig? config = null)
    {
        _projectionIn = RegisterModule("proj_1", new Conv2d(dim, dim, (1, 1)));
        _attention = RegisterModule("spatial_gating_unit", AttentionModule.Create(config ?? MscanConfig.Tiny, dim));
        _projectionOut = RegisterModule("proj_2", new Conv2d(dim, dim, (1, 1)));
    }

    /// <summary>Whether the attention is MSCA with nothing left out, which the fused kernels compute.</summary>
    internal bool IsPlain => _attention.IsPlain;

    /// <summary>proj_1, the depth-wise convolutions and conv3 of MSCA, proj_2.</summary>
    internal IReadOnlyList<Conv2d> Convolutions => [_projectionIn, .. _attention.Convolutions, _projectionOut];

    /// <summary>Computes the module.</summary>
    /// <param name="x">Features <c>[N, C, H, W]</c> after the block's first norm; the shortcut adds this normalised map.</param>
    /// <returns>A new tensor <c>[N, C, H, W]</c>.</returns>
    public Tensor Forward(Tensor x) =>
        _projectionIn.Forward(x).Then(Functional.Gelu).Then(_attention.Forward).Then(_projectionOut.Forward).Then(y => y + x);
}
