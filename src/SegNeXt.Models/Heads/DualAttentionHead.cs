using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Dual attention: a branch in which every position attends to every other beside one in which every channel does, each between
/// two 3×3 convolutions with batch norm and ReLU; their sum, dropout, classifier.
/// </summary>
/// <remarks>
/// Fu et al., DANet (CVPR 2019), Section 3; <c>DAHead</c> of mmsegmentation, whose names these are. Its classifiers of the single
/// branches, which serve additional losses in training, are left out. SegNeXt (arXiv:2209.08575), Fig. 3 (b).
/// </remarks>
public sealed class DualAttentionHead : DecodeHead
{
    private readonly Conv2d _classifier;
    private readonly ConvBatchNormRelu _positionIn;
    private readonly PositionAttention _position;
    private readonly ConvBatchNormRelu _positionOut;
    private readonly ConvBatchNormRelu _channelIn;
    private readonly ChannelAttention _channel;
    private readonly ConvBatchNormRelu _channelOut;
    private readonly Dropout2d _dropout;

    /// <summary>Creates the decoder with initial weights.</summary>
    /// <param name="config">The model: its decoder, encoder widths and classes.</param>
    /// <param name="generator">Source of the initial weights and of the dropout's masks.</param>
    public DualAttentionHead(ModelConfig config, Generator generator)
        : base(config, generator)
    {
        int channels = Decoder.Channels;
        _classifier = RegisterModule("conv_seg", NewClassifier(config.NumClasses));
        _positionIn = RegisterModule("pam_in_conv", new ConvBatchNormRelu(InputChannels, channels, generator, 3));
        _position = RegisterModule("pam", new PositionAttention(channels, DecoderTypes.PositionChannels, generator));
        _positionOut = RegisterModule("pam_out_conv", new ConvBatchNormRelu(channels, channels, generator, 3));
        _channelIn = RegisterModule("cam_in_conv", new ConvBatchNormRelu(InputChannels, channels, generator, 3));
        _channel = RegisterModule("cam", new ChannelAttention());
        _channelOut = RegisterModule("cam_out_conv", new ConvBatchNormRelu(channels, channels, generator, 3));
        _dropout = RegisterModule("dropout", new Dropout2d(Decoder.Dropout, generator));
    }

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> stages)
    {
        using TensorScope scope = new();
        Tensor x = Concatenate(stages);
        Tensor position = _positionOut.Forward(_position.Forward(_positionIn.Forward(x)));
        Tensor channel = _channelOut.Forward(_channel.Forward(_channelIn.Forward(x)));
        return scope.Keep(_classifier.Forward(_dropout.Forward(position + channel)));
    }
}
