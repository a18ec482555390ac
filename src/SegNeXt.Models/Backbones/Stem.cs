using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Down-sampling in front of stage 1, to a quarter: 3×3 stride 2 to C/2 channels, BN, GELU, 3×3 stride 2 to C, BN.
/// </summary>
/// <remarks><c>StemConv</c> of the released <c>mscan.py</c>.</remarks>
public sealed class Stem : Module, IDownSampling
{
    private readonly Layers _layers;

    /// <summary>Creates the stem.</summary>
    /// <param name="inChannels">Channels of the picture, 3.</param>
    /// <param name="dim">Channels C of stage 1.</param>
    public Stem(int inChannels, int dim)
    {
        _layers = RegisterModule("proj", new Layers(inChannels, dim));
    }

    /// <summary>Computes the stem.</summary>
    /// <param name="x">Normalised pictures <c>[N, 3, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, C, ⌈H/4⌉, ⌈W/4⌉]</c>.</returns>
    public Tensor Forward(Tensor x) =>
        _layers.Convolution1.Forward(x).Then(_layers.Norm1.Forward).Then(Functional.Gelu)
            .Then(_layers.Convolution2.Forward).Then(_layers.Norm2.Forward);

    /// <summary>The released code's <c>nn.Sequential</c>: its names are positions, and 2 is the GELU.</summary>
    private sealed class Layers : Module
    {
        public Layers(int inChannels, int dim)
        {
            Convolution1 = RegisterModule("0", new Conv2d(inChannels, dim / 2, (3, 3), stride: (2, 2), padding: (1, 1)));
            Norm1 = RegisterModule("1", new BatchNorm2d(dim / 2));
            Convolution2 = RegisterModule("3", new Conv2d(dim / 2, dim, (3, 3), stride: (2, 2), padding: (1, 1)));
            Norm2 = RegisterModule("4", new BatchNorm2d(dim));
        }

        public Conv2d Convolution1 { get; }

        public BatchNorm2d Norm1 { get; }

        public Conv2d Convolution2 { get; }

        public BatchNorm2d Norm2 { get; }
    }
}
