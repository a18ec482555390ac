using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Pyramid pooling: the map beside its means over grids of 1, 2, 3 and 6 by as many fields, each through a 1×1 convolution with
/// batch norm and ReLU and back to the map's size; a 3×3 bottleneck, dropout, classifier.
/// </summary>
/// <remarks>
/// Zhao et al., PSPNet (CVPR 2017), Section 3.2; <c>PSPHead</c> of mmsegmentation, whose names these are. SegNeXt
/// (arXiv:2209.08575), Fig. 3 (b).
/// </remarks>
public sealed class PspHead : DecodeHead
{
    private readonly Conv2d _classifier;
    private readonly ModuleList<PooledConv> _pyramid;
    private readonly ConvBatchNormRelu _bottleneck;
    private readonly Dropout2d _dropout;

    /// <summary>Creates the decoder with initial weights.</summary>
    /// <param name="config">The model: its decoder, encoder widths and classes.</param>
    /// <param name="generator">Source of the initial weights and of the dropout's masks.</param>
    public PspHead(ModelConfig config, Generator generator)
        : base(config, generator)
    {
        int channels = Decoder.Channels;
        _classifier = RegisterModule("conv_seg", NewClassifier(config.NumClasses));
        _pyramid = RegisterModule("psp_modules", new ModuleList<PooledConv>(
            DecoderTypes.PyramidBins.Select(bins => new PooledConv(InputChannels, channels, bins, generator))));
        _bottleneck = RegisterModule("bottleneck", new ConvBatchNormRelu(InputChannels + (_pyramid.Count * channels), channels, generator, 3));
        _dropout = RegisterModule("dropout", new Dropout2d(Decoder.Dropout, generator));
    }

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> stages)
    {
        using TensorScope scope = new();
        Tensor x = Concatenate(stages);
        Tensor joined = Tensor.Cat([x, .. _pyramid.Select(level => level.Forward(x))], 1);
        return scope.Keep(_classifier.Forward(_dropout.Forward(_bottleneck.Forward(joined))));
    }
}
