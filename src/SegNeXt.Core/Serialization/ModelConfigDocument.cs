namespace SegNeXt.Core;

/// <summary>A <see cref="ModelConfig"/> as JSON has it: every field may be absent, colours are <c>#rrggbb</c>.</summary>
internal sealed class ModelConfigDocument
{
    public string? Name { get; set; }

    public EncoderDocument? Encoder { get; set; }

    public DecoderDocument? Decoder { get; set; }

    public int? NumClasses { get; set; }

    public string[]? ClassNames { get; set; }

    public string[]? Palette { get; set; }

    public double[]? Mean { get; set; }

    public double[]? Std { get; set; }

    internal sealed class EncoderDocument
    {
        public string? Type { get; set; }

        public int[]? EmbedDims { get; set; }

        public int[]? Depths { get; set; }

        public int[]? MlpRatios { get; set; }

        public double? DropPathRate { get; set; }

        public int[]? NumHeads { get; set; }

        public int[]? SrRatios { get; set; }

        public string? Attention { get; set; }

        public int[]? Branches { get; set; }

        public bool? ChannelMixing { get; set; }

        public bool? Gating { get; set; }
    }

    internal sealed class DecoderDocument
    {
        public string? Type { get; set; }

        public int? Channels { get; set; }

        public int? HamChannels { get; set; }

        public int? NmfRank { get; set; }

        public int? NmfTrainSteps { get; set; }

        public int? NmfEvalSteps { get; set; }

        public int? GroupNormGroups { get; set; }

        public double? Dropout { get; set; }

        public int[]? InputStages { get; set; }
    }
}
