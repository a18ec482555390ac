namespace SegNeXt.Core;

/// <summary>
/// What a model is, apart from its weights; stored as JSON in the metadata of a model file and shared by both engines.
/// A model with a <see cref="Decoder"/> segments; without one it is MSCAN with its classifier (paper, Table 3).
/// </summary>
public sealed partial record ModelConfig
{
    /// <summary>The size's name, one of <see cref="PresetNames"/>, or <c>custom</c>.</summary>
    public string Name { get; init; } = "custom";

    /// <summary>The encoder.</summary>
    public required EncoderConfig Encoder { get; init; }

    /// <summary>The encoder where it is MSCAN, else null.</summary>
    public MscanConfig? Mscan => Encoder as MscanConfig;

    /// <summary>The encoder for what is written for MSCAN alone.</summary>
    /// <param name="what">What cannot do with another one, to begin the message with: <c>The managed engine</c>.</param>
    /// <exception cref="InputException">The encoder is of another family.</exception>
    public MscanConfig RequireMscan(string what) => Mscan
        ?? throw new InputException($"{what} knows SegNeXt's encoder MSCAN alone, and this model's is a {Encoder.Family} (SegFormer); --engine torch runs it.");

    /// <summary>The decoder; null for an image classifier.</summary>
    public DecoderConfig? Decoder { get; init; }

    /// <summary>Number of classes K.</summary>
    public required int NumClasses { get; init; }

    /// <summary>Names of the K classes, or null when the weights do not tell.</summary>
    public string[]? ClassNames { get; init; }

    /// <summary>Colours of the K classes as <c>0xRRGGBB</c>, or null when the weights do not tell.</summary>
    public int[]? Palette { get; init; }

    /// <summary>Mean of R, G, B on the 0–255 scale, subtracted before the network.</summary>
    public double[] Mean { get; init; } = ImageNetMean;

    /// <summary>Standard deviation of R, G, B on the 0–255 scale, by which the difference is divided.</summary>
    public double[] Std { get; init; } = ImageNetStd;

    /// <summary>Mean of R, G, B over ImageNet on the 0–255 scale, as all released models have it; a new array each time.</summary>
    public static double[] ImageNetMean => [123.675, 116.28, 103.53];

    /// <summary>Standard deviation of R, G, B over ImageNet on the 0–255 scale, as all released models have it; a new array each time.</summary>
    public static double[] ImageNetStd => [58.395, 57.12, 57.375];

    private const int DefaultRank = 16;

    /// <summary>Names of the variants in <see cref="Preset"/>.</summary>
    public static IReadOnlyList<string> PresetNames { get; } = 
        ["t", "s", "b", "l", "segformer-b0", "segformer-b1", "segformer-b2", "segformer-b3", "segformer-b4", "segformer-b5"];

    /// <summary>
    /// SegNeXt-T, S, B or L of the paper's Table 2, with the Hamburger decoder; or SegFormer-B0 to B5, the rival of its Table 9,
    /// with the all-MLP decoder.
    /// </summary>
    /// <param name="size"><c>t</c>, <c>s</c>, <c>b</c>, <c>l</c>, or <c>segformer-b0</c> to <c>segformer-b5</c>, in either case.</param>
    /// <param name="numClasses">Number of classes K.</param>
    /// <exception cref="InputException">The size is none of these, or K is out of range.</exception>
    public static ModelConfig Preset(string size, int numClasses)
    {
        ArgumentNullException.ThrowIfNull(size);
        if (numClasses is < 1 or > 255)
        {
            throw new InputException($"The number of classes must be 1 to 255, not {numClasses}.");
        }

        string name = size.ToLowerInvariant();
        if (name.StartsWith(SegFormerPrefix, StringComparison.Ordinal) && PresetNames.Contains(name))
        {
            return SegFormer(name, numClasses);
        }

        (MscanConfig encoder, int channels, int rank) = name switch
        {
            "t" => (MscanConfig.Tiny, 256, 16),
            "s" => (MscanConfig.Small, 256, 16),
            "b" => (MscanConfig.Base, 512, 64),
            "l" => (MscanConfig.Large, 1024, 64),
            _ => throw new InputException($"There is no model size '{size}'; the sizes are t, s, b and l, and segformer-b0 to segformer-b5."),
        };

        return new ModelConfig
        {
            Name = name,
            Encoder = encoder,
            Decoder = new DecoderConfig { Channels = channels, HamChannels = channels, NmfRank = rank },
            NumClasses = numClasses,
        };
    }

    /// <summary>The same model with another decoder, of the same widths, reading the stages that the paper lets it read.</summary>
    /// <param name="type">One of <see cref="DecoderTypes.All"/>.</param>
    /// <exception cref="InputException">There is no such decoder, or the model has none.</exception>
    public ModelConfig WithDecoder(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!DecoderTypes.All.Contains(type))
        {
            throw new InputException($"There is no decoder '{type}'; the decoders are {string.Join(", ", DecoderTypes.All)}.");
        }

        DecoderConfig decoder = Decoder ?? throw new InputException("A model without decoder is an image classifier; there is none to replace.");
        return type == decoder.Type ? this : this with
        {
            Decoder = new DecoderConfig
            {
                Type = type,
                Channels = decoder.Channels,
                HamChannels = !DecoderTypes.HasContext(type) ? 0 : decoder.HamChannels > 0 ? decoder.HamChannels : decoder.Channels,
                NmfRank = type == DecoderTypes.Ham ? DefaultRank : 0,
                Dropout = decoder.Dropout,
                InputStages = DecoderTypes.DefaultStages(type),
            },
        };
    }

    /// <summary>MSCAN-T, S, B or L with its linear classifier (paper, Table 3), or MiT-B0 to B5 with theirs.</summary>
    /// <param name="size">One of <see cref="PresetNames"/>, in either case.</param>
    /// <param name="numClasses">Number of classes; the paper's ImageNet has 1000.</param>
    /// <exception cref="InputException">The size is none of these, or the number of classes is out of range.</exception>
    public static ModelConfig Classifier(string size, int numClasses = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numClasses, 1);
        return Preset(size, 1) with { Decoder = null, NumClasses = numClasses };
    }
}
