using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>A convolution without bias, batch norm, ReLU; the map keeps its size.</summary>
/// <remarks><c>ConvModule</c> of mmcv with <c>norm_cfg</c> BN, of which mmsegmentation's heads are built: names <c>conv</c> and <c>bn</c>.</remarks>
public sealed class ConvBatchNormRelu : Module
{
    private readonly Conv2d _convolution;
    private readonly BatchNorm2d _norm;

    /// <summary>Creates the module with initial weights.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="generator">Source of the initial weights.</param>
    /// <param name="side">Rows and columns of the kernel; odd.</param>
    /// <param name="dilation">Distance of its taps.</param>
    public ConvBatchNormRelu(int inChannels, int outChannels, Generator generator, int side = 1, int dilation = 1)
    {
        int padding = side / 2 * dilation;
        _convolution = RegisterModule("conv", new Conv2d(inChannels, outChannels, side, padding: padding, dilation: dilation, bias: false));
        _norm = RegisterModule("bn", new BatchNorm2d(outChannels));
        Initialisation.KaimingFanOut(_convolution, generator);
    }

    /// <summary>Computes the module.</summary>
    /// <param name="x">Features <c>[N, C_in, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, C_out, H, W]</c>.</returns>
    /// <exception cref="InputException">
    /// In training, a channel has one value alone: its variance is 0, and the unbiased one that the running average takes is
    /// no number.
    /// </exception>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (_norm.Training && x.Size(0) * x.Size(2) * x.Size(3) == 1)
        {
            throw new InputException("A batch norm of the decoder has a single value for each channel to learn from, a pooled map of one image; train with batches of 2 images or more.");
        }

        return _convolution.Forward(x).Then(_norm.Forward).Then(Functional.Relu);
    }
}
