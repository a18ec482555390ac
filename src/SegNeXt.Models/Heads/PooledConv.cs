using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>Means over a grid, a 1×1 convolution with batch norm and ReLU there, and bilinearly back to the map's size.</summary>
/// <remarks>A level of mmsegmentation's <c>PPM</c> and <c>ASPPHead.image_pool</c>: an <c>nn.Sequential</c> in which the pooling is 0 and the convolution 1.</remarks>
public sealed class PooledConv : Module
{
    private readonly int _bins;
    private readonly ConvBatchNormRelu _convolution;

    /// <summary>Creates the module with initial weights.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="bins">Rows and columns of the grid; a smaller map fills several fields with the same value.</param>
    /// <param name="generator">Source of the initial weights.</param>
    public PooledConv(int inChannels, int outChannels, int bins, Generator generator)
    {
        _bins = bins;
        _convolution = RegisterModule("1", new ConvBatchNormRelu(inChannels, outChannels, generator));
    }

    /// <summary>Computes the module.</summary>
    /// <param name="x">Features <c>[N, C_in, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, C_out, H, W]</c>.</returns>
    public Tensor Forward(Tensor x)
    {
        (int, int) size = ((int)x.Size(2), (int)x.Size(3));
        return Functional.AdaptiveAvgPool2d(x, (_bins, _bins)).Then(_convolution.Forward)
            .Then(y => Functional.Interpolate(y, size, InterpolationMode.Bilinear, alignCorners: false));
    }
}
