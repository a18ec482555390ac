using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Atrous spatial pyramid pooling: the mean of the map, a 1×1 convolution and three 3×3 convolutions of growing dilation, each
/// with batch norm and ReLU, side by side; a 3×3 bottleneck, dropout, classifier.
/// </summary>
/// <remarks>
/// Chen et al., DeepLabv3 (arXiv:1706.05587), Section 3.3; <c>ASPPHead</c> of mmsegmentation, whose names these are.
/// SegNeXt (arXiv:2209.08575), Fig. 3 (b).
/// </remarks>
public sealed class AsppHead : DecodeHead
{
    private readonly Conv2d _classifier;
    private readonly PooledConv _imagePool;
    private readonly ModuleList<ConvBatchNormRelu> _branches;
    private readonly ConvBatchNormRelu _bottleneck;
    private readonly Dropout2d _dropout;

    /// <summary>Creates the decoder with initial weights.</summary>
    /// <param name="config">The model: its decoder, encoder widths and classes.</param>
    /// <param name="generator">Source of the initial weights and of the dropout's masks.</param>
    public AsppHead(ModelConfig config, Generator generator)
        : base(config, generator)
    {
        int channels = Decoder.Channels;
        IReadOnlyList<int> rates = DecoderTypes.AtrousRates(Decoder.InputStages[0]);
        _classifier = RegisterModule("conv_seg", NewClassifier(config.NumClasses));
        _imagePool = RegisterModule("image_pool", new PooledConv(InputChannels, channels, 1, generator));
        _branches = RegisterModule("aspp_modules", new ModuleList<ConvBatchNormRelu>(
            rates.Select((rate, i) => new ConvBatchNormRelu(InputChannels, channels, generator, i == 0 ? 1 : 3, rate))));
        _bottleneck = RegisterModule("bottleneck", new ConvBatchNormRelu((rates.Count + 1) * channels, channels, generator, 3));
        _dropout = RegisterModule("dropout", new Dropout2d(Decoder.Dropout, generator));
    }

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> stages)
    {
        using TensorScope scope = new();
        Tensor x = Concatenate(stages);
        Tensor joined = Tensor.Cat([_imagePool.Forward(x), .. _branches.Select(branch => branch.Forward(x))], 1);
        return scope.Keep(_classifier.Forward(_dropout.Forward(_bottleneck.Forward(joined))));
    }
}
