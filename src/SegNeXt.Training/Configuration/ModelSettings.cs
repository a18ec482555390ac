using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>Section <c>model</c>: which network is trained.</summary>
public sealed record ModelSettings
{
    /// <summary><c>model.size</c>: t, s, b or l (paper, Table 2), or segformer-b0 to segformer-b5.</summary>
    public string Size { get; init; } = "t";

    /// <summary>
    /// <c>model.decoder</c>: one of <see cref="DecoderTypes.All"/>, or null for the model's own: <c>ham</c> of SegNeXt, <c>mlp</c> of
    /// SegFormer (Tables 5 and 7).
    /// </summary>
    public string? Decoder { get; init; }

    /// <summary>
    /// <c>model.decoder_stages</c>: the stages that the decoder reads, 1 to 4 as the paper counts them, or null for those that
    /// the paper lets it read: 2 to 4, all four (<c>mlp</c>), or the last (<c>aspp</c>, <c>psp</c>, <c>da</c>).
    /// </summary>
    public NumberList? DecoderStages { get; init; }

    /// <summary><c>model.decoder_channels</c>: channels of the decoder, or null for the size's: SegNeXt's 256, 256, 512, 1024.</summary>
    public int? DecoderChannels { get; init; }

    /// <summary><c>model.attention</c>: <c>msca</c>, the paper's, or <c>lka</c>, VAN's large-kernel attention (Table 8).</summary>
    public string Attention { get; init; } = MscanConfig.Msca;

    /// <summary><c>model.branches</c>: sides of MSCA's strip branches, some of 7, 11 and 21 (Table 6).</summary>
    public NumberList Branches { get; init; } = new(MscanConfig.AllBranches.Select(side => (double)side));

    /// <summary><c>model.channel_mixing</c>: whether MSCA has its 1×1 convolution (Table 6).</summary>
    public bool ChannelMixing { get; init; } = true;

    /// <summary><c>model.gating</c>: whether MSCA multiplies its input with what it computes (Table 6).</summary>
    public bool Gating { get; init; } = true;

    /// <summary><c>model.classes</c>: number of classes, or null for the data set's.</summary>
    public int? Classes { get; init; }

    /// <summary><c>model.drop_path</c>: largest drop-path rate in [0, 1), or null for the size's own.</summary>
    public double? DropPath { get; init; }

    /// <summary><c>model.init</c>: weights to start from (the encoder's or all), or null for random ones.</summary>
    public string? Init { get; init; }

    /// <summary>The model for a data set.</summary>
    /// <param name="dataSetClasses">The data set's number of classes, used where <see cref="Classes"/> is null.</param>
    /// <exception cref="InputException">The number of classes is out of range, or two settings contradict each other.</exception>
    public ModelConfig ToModelConfig(int dataSetClasses)
    {
        ModelConfig config = ModelConfig.Preset(Size, Classes ?? dataSetClasses);
        EncoderConfig encoder = config.Encoder with { DropPathRate = DropPath ?? config.Encoder.DropPathRate };
        if (encoder is MscanConfig mscan)
        {
            encoder = mscan with { Attention = Attention, Branches = Whole(Branches), ChannelMixing = ChannelMixing, Gating = Gating };
        }

        DecoderConfig decoder = config.WithDecoder(Decoder ?? config.Decoder!.Type).Decoder!;
        if (DecoderChannels is { } channels)
        {
            decoder = decoder with { Channels = channels, HamChannels = DecoderTypes.HasContext(decoder.Type) ? channels : 0 };
        }

        if (DecoderStages is { } stages)
        {
            decoder = decoder with { InputStages = [.. Whole(stages).Select(stage => stage - 1)] };
        }

        config = config with { Encoder = encoder, Decoder = decoder };
        config.Validate();
        return config;
    }

    private static int[] Whole(NumberList numbers) => [.. numbers.Select(number => (int)number)];
}
