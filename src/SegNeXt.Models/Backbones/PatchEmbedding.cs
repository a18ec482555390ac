using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>Down-sampling between stages: 3×3 convolution with stride 2, then batch norm.</summary>
/// <remarks>SegNeXt (arXiv:2209.08575), Section 3.1; <c>OverlapPatchEmbed</c> of the released <c>mscan.py</c>.</remarks>
public sealed class PatchEmbedding : Module, IDownSampling
{
    private readonly Conv2d _projection;
    private readonly BatchNorm2d _norm;

    /// <summary>Creates the module.</summary>
    /// <param name="inChannels">Channels of the stage before.</param>
    /// <param name="dim">Channels C of the stage behind.</param>
    public PatchEmbedding(int inChannels, int dim)
    {
        _projection = RegisterModule("proj", new Conv2d(inChannels, dim, (3, 3), stride: (2, 2), padding: (1, 1)));
        _norm = RegisterModule("norm", new BatchNorm2d(dim));
    }

    /// <summary>Computes the module.</summary>
    /// <param name="x">Features <c>[N, C_in, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, C, ⌈H/2⌉, ⌈W/2⌉]</c>.</returns>
    public Tensor Forward(Tensor x) => _projection.Forward(x).Then(_norm.Forward);
}
