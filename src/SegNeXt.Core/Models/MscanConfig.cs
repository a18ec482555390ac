namespace SegNeXt.Core;

/// <summary>
/// The encoder's sizes: SegNeXt (arXiv:2209.08575), Table 2; the <c>MSCAN</c> class of the released <c>mscan.py</c>.
/// </summary>
public sealed record MscanConfig : EncoderConfig
{
    /// <summary>Sizes whose feed-forward parts widen as the paper's do.</summary>
    public MscanConfig() => MlpRatios = [8, 8, 4, 4];

    /// <inheritdoc/>
    public override string Family => "MSCAN";

    /// <summary>MSCAN-T.</summary>
    public static MscanConfig Tiny { get; } = new() { EmbedDims = [32, 64, 160, 256], Depths = [3, 3, 5, 2] };

    /// <summary>MSCAN-S.</summary>
    public static MscanConfig Small { get; } = new() { EmbedDims = [64, 128, 320, 512], Depths = [2, 2, 4, 2] };

    /// <summary>MSCAN-B.</summary>
    public static MscanConfig Base { get; } = new() { EmbedDims = [64, 128, 320, 512], Depths = [3, 3, 12, 3] };

    /// <summary>MSCAN-L.</summary>
    public static MscanConfig Large { get; } = new() { EmbedDims = [64, 128, 320, 512], Depths = [3, 5, 27, 3], DropPathRate = 0.3 };
}
