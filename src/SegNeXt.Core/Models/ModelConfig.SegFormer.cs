namespace SegNeXt.Core;

/// <content>The rival of the paper's Table 9, and what models are called.</content>
public sealed partial record ModelConfig
{
    private const string SegFormerPrefix = "segformer-";

    /// <summary>
    /// What people call the model: <c>SegNeXt-T</c>, <c>SegFormer-B0</c>, or <c>MSCAN-T</c>, <c>MiT-B0</c> for an image classifier;
    /// without the size where it is none of <see cref="PresetNames"/>.
    /// </summary>
    public string Title
    {
        get
        {
            string family = (Mscan is not null, Decoder is null) switch
            {
                (true, false) => "SegNeXt",
                (true, true) => "MSCAN",
                (false, false) => "SegFormer",
                (false, true) => "MiT",
            };
            string size = Name.StartsWith(SegFormerPrefix, StringComparison.Ordinal) ? Name[SegFormerPrefix.Length..] : Name;
            return PresetNames.Contains(Name) ? $"{family}-{size.ToUpperInvariant()}" : family;
        }
    }

    /// <summary>The widths E of the all-MLP decoder are those of SegFormer's released configurations.</summary>
    private static ModelConfig SegFormer(string name, int numClasses)
    {
        (MixTransformerConfig encoder, int channels) = name[^2..] switch
        {
            "b0" => (MixTransformerConfig.B0, 256),
            "b1" => (MixTransformerConfig.B1, 256),
            "b2" => (MixTransformerConfig.B2, 768),
            "b3" => (MixTransformerConfig.B3, 768),
            "b4" => (MixTransformerConfig.B4, 768),
            _ => (MixTransformerConfig.B5, 768),
        };
        return new ModelConfig
        {
            Name = name,
            Encoder = encoder,
            Decoder = new DecoderConfig { Type = DecoderTypes.Mlp, Channels = channels, InputStages = DecoderTypes.DefaultStages(DecoderTypes.Mlp) },
            NumClasses = numClasses,
        };
    }
}
