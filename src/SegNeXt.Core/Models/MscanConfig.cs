namespace SegNeXt.Core;

/// <summary>
/// The encoder's sizes: SegNeXt (arXiv:2209.08575), Table 2; the <c>MSCAN</c> class of the released <c>mscan.py</c>.
/// </summary>
public sealed record MscanConfig
{
    /// <summary>Channels C of the four stages.</summary>
    public required int[] EmbedDims { get; init; }

    /// <summary>Number of blocks L of the four stages.</summary>
    public required int[] Depths { get; init; }

    /// <summary>Expansion ratio of the feed-forward part in the four stages.</summary>
    public int[] MlpRatios { get; init; } = [8, 8, 4, 4];

    /// <summary>Largest drop-path rate; it grows linearly from 0 at the first block to this at the last.</summary>
    public double DropPathRate { get; init; } = 0.1;

    /// <summary>MSCAN-T.</summary>
    public static MscanConfig Tiny { get; } = new() { EmbedDims = [32, 64, 160, 256], Depths = [3, 3, 5, 2] };

    /// <summary>MSCAN-S.</summary>
    public static MscanConfig Small { get; } = new() { EmbedDims = [64, 128, 320, 512], Depths = [2, 2, 4, 2] };

    /// <summary>MSCAN-B.</summary>
    public static MscanConfig Base { get; } = new() { EmbedDims = [64, 128, 320, 512], Depths = [3, 3, 12, 3] };

    /// <summary>MSCAN-L.</summary>
    public static MscanConfig Large { get; } = new() { EmbedDims = [64, 128, 320, 512], Depths = [3, 5, 27, 3], DropPathRate = 0.3 };
}
