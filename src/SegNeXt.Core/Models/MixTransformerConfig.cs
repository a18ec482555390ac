namespace SegNeXt.Core;

/// <summary>
/// The Mix Transformer's sizes, the encoder of SegFormer (Xie et al., arXiv:2105.15203), the table of the MiT series in its appendix; the classes
/// <c>mit_b0</c> … <c>mit_b5</c> of the released <c>mix_transformer.py</c>.
/// </summary>
public sealed record MixTransformerConfig : EncoderConfig
{
    /// <summary>Number N of attention heads of the four stages.</summary>
    public int[] NumHeads { get; init; } = [1, 2, 5, 8];

    /// <summary>Reduction ratio R of the four stages: keys and values are taken at 1/R of the height and of the width.</summary>
    public int[] SrRatios { get; init; } = [8, 4, 2, 1];

    /// <inheritdoc/>
    public override string Family => "Mix Transformer";

    /// <summary>MiT-B0.</summary>
    public static MixTransformerConfig B0 { get; } = new() { EmbedDims = [32, 64, 160, 256], Depths = [2, 2, 2, 2] };

    /// <summary>MiT-B1.</summary>
    public static MixTransformerConfig B1 { get; } = Wide(2, 2, 2, 2);

    /// <summary>MiT-B2.</summary>
    public static MixTransformerConfig B2 { get; } = Wide(3, 4, 6, 3);

    /// <summary>MiT-B3.</summary>
    public static MixTransformerConfig B3 { get; } = Wide(3, 4, 18, 3);

    /// <summary>MiT-B4.</summary>
    public static MixTransformerConfig B4 { get; } = Wide(3, 8, 27, 3);

    /// <summary>MiT-B5.</summary>
    public static MixTransformerConfig B5 { get; } = Wide(3, 6, 40, 3);

    private static MixTransformerConfig Wide(params int[] depths) => new() { EmbedDims = [64, 128, 320, 512], Depths = depths };
}
