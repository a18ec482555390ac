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

    /// <summary>
    /// The attention of the blocks: <see cref="Msca"/>, the paper's, or <see cref="LargeKernel"/>, VAN's, as in the paper's
    /// Table 8 ("w/o MSCA").
    /// </summary>
    public string Attention { get; init; } = Msca;

    /// <summary>Sides k of MSCA's strip branches, 1×k then k×1: some of 7, 11 and 21, ascending (paper, Table 6).</summary>
    public int[] Branches { get; init; } = [.. AllBranches];

    /// <summary>Whether MSCA mixes channels by its 1×1 convolution (paper, Table 6, "1×1 Conv").</summary>
    public bool ChannelMixing { get; init; } = true;

    /// <summary>Whether MSCA multiplies its input with what it computes, or hands that on itself (paper, Table 6, "Attention").</summary>
    public bool Gating { get; init; } = true;

    /// <summary>Multi-scale convolutional attention (paper, Eq. 1 and 2), as a value of <see cref="Attention"/>.</summary>
    public const string Msca = "msca";

    /// <summary>
    /// Large-kernel attention, as a value of <see cref="Attention"/>: depth-wise 5×5, depth-wise 7×7 with dilation 3, 1×1
    /// (Guo et al., Visual Attention Network, arXiv:2202.09741, Section 3.1).
    /// </summary>
    public const string LargeKernel = "lka";

    /// <summary>The sides of MSCA's branches in the paper, in the order of their names <c>conv0_…</c> to <c>conv2_…</c>.</summary>
    public static IReadOnlyList<int> AllBranches { get; } = [7, 11, 21];

    /// <summary>Whether the blocks have MSCA as the paper's Eq. 1 and 2 define it, nothing left out.</summary>
    public bool HasPlainAttention => Attention == Msca && ChannelMixing && Gating && Branches.AsSpan().SequenceEqual([.. AllBranches]);

    /// <summary>MSCAN-T.</summary>
    public static MscanConfig Tiny { get; } = new() { EmbedDims = [32, 64, 160, 256], Depths = [3, 3, 5, 2] };

    /// <summary>MSCAN-S.</summary>
    public static MscanConfig Small { get; } = new() { EmbedDims = [64, 128, 320, 512], Depths = [2, 2, 4, 2] };

    /// <summary>MSCAN-B.</summary>
    public static MscanConfig Base { get; } = new() { EmbedDims = [64, 128, 320, 512], Depths = [3, 3, 12, 3] };

    /// <summary>MSCAN-L.</summary>
    public static MscanConfig Large { get; } = new() { EmbedDims = [64, 128, 320, 512], Depths = [3, 5, 27, 3], DropPathRate = 0.3 };
}
