namespace SegNeXt.Core;

/// <summary>The sizes of an encoder of four stages, which hands on one feature map a stage; what differs from family to family is in the derived records.</summary>
public abstract record EncoderConfig
{
    /// <summary>Channels C of the four stages.</summary>
    public required int[] EmbedDims { get; init; }

    /// <summary>Number of blocks L of the four stages.</summary>
    public required int[] Depths { get; init; }

    /// <summary>Expansion ratio of the feed-forward part in the four stages.</summary>
    public int[] MlpRatios { get; init; } = [4, 4, 4, 4];

    /// <summary>Largest drop-path rate; it grows linearly from 0 at the first block to this at the last.</summary>
    public double DropPathRate { get; init; } = 0.1;

    /// <summary>What people call the family: <c>MSCAN</c> or <c>Mix Transformer</c>.</summary>
    public abstract string Family { get; }
}
