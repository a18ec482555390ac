using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>Lowers the resolution by a convolution whose windows overlap, then a layer norm over channels.</summary>
/// <remarks>Xie et al. (arXiv:2105.15203), Section 3.1; <c>OverlapPatchEmbed</c> of the released <c>mix_transformer.py</c>.</remarks>
public sealed class OverlapPatchEmbedding : Module
{
    private readonly Conv2d _projection;
    private readonly LayerNorm _norm;

    /// <summary>Creates the module.</summary>
    /// <param name="inChannels">Channels of the picture or of the stage before.</param>
    /// <param name="dim">Channels C of the stage behind.</param>
    /// <param name="patch">Side of a window, odd.</param>
    /// <param name="stride">From one window to the next.</param>
    public OverlapPatchEmbedding(int inChannels, int dim, int patch, int stride)
    {
        _projection = RegisterModule("proj", new Conv2d(inChannels, dim, patch, stride, patch / 2));

        // Here and behind the spatial reduction the released code leaves PyTorch's own eps of 1e-5.
        _norm = RegisterModule("norm", new LayerNorm([dim]));
    }

    /// <summary>Computes the module.</summary>
    /// <param name="x">Features <c>[N, C_in, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, ⌈H/stride⌉, ⌈W/stride⌉, C]</c>: channels last.</returns>
    public Tensor Forward(Tensor x) => _projection.Forward(x).Then(map => map.Permute(0, 2, 3, 1)).Then(_norm.Forward);
}
