using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>A 1×1 convolution with, optionally, a group norm behind it; the convolution has a bias only without the norm.</summary>
/// <remarks><c>ConvModule</c> of mmcv, on which the released decoder is built: names <c>conv</c> and <c>gn</c>.</remarks>
public sealed class ConvModule : Module
{
    private readonly Conv2d _convolution;
    private readonly GroupNorm? _norm;

    /// <summary>Creates the module with initial weights.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="groups">Groups of the norm, or null for none.</param>
    /// <param name="generator">Source of the initial weights.</param>
    public ConvModule(int inChannels, int outChannels, int? groups, Generator generator)
    {
        _convolution = RegisterModule("conv", new Conv2d(inChannels, outChannels, (1, 1), bias: groups is null));
        _norm = groups is null ? null : RegisterModule("gn", new GroupNorm(groups.Value, outChannels));
        Initialisation.KaimingFanOut(_convolution, generator);
    }

    /// <summary>Whose kernels compute the convolution.</summary>
    internal KernelChoice Kernels { get; set; }

    /// <summary>Convolves and normalises; there is no activation.</summary>
    /// <param name="x">Features <c>[N, C_in, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, C_out, H, W]</c>.</returns>
    public Tensor Forward(Tensor x) =>
        _norm is null ? Convolve(x) : Convolve(x).Then(_norm.Forward);

    private Tensor Convolve(Tensor x) => FusedPointwise.Run(x, _convolution, Kernels);
}
