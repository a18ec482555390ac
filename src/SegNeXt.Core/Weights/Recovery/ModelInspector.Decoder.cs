using System.Text.RegularExpressions;

namespace SegNeXt.Core;

/// <content>The decoder's sizes, and what its shapes do not tell: the number of NMF bases.</content>
public static partial class ModelInspector
{
    /// <summary>Sets of stages that a decoder may read, the likely ones first.</summary>
    private static readonly int[][] s_inputStages =
        [[1, 2, 3], [0, 1, 2, 3], [2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [1, 3], [1, 2], [0, 3], [0, 2], [0, 1], [3], [2], [1], [0]];

    private static ModelConfig Segmenter(ShapeReader shapes, EncoderConfig encoder, CheckpointMeta? meta, List<string> notes)
    {
        string head = ModelLayout.DecoderPrefix;
        int classes = shapes.Size(head + "conv_seg.weight", 4, 0);
        DecoderConfig decoder = new()
        {
            Channels = shapes.Size(head + "conv_seg.weight", 4, 1),
            HamChannels = shapes.Size(head + "squeeze.conv.weight", 4, 0),
            NmfRank = 1,
            InputStages = InputStages(shapes, encoder, notes),
        };
        ModelConfig? preset = ModelConfig.PresetNames.Select(size => ModelConfig.Preset(size, 1)).FirstOrDefault(candidate => SameButRank(candidate, encoder, decoder));
        decoder = decoder with { NmfRank = Rank(shapes, decoder, meta, preset, notes) };
        return new ModelConfig
        {
            Name = preset?.Decoder!.NmfRank == decoder.NmfRank ? preset.Name : "custom",
            Encoder = preset?.Encoder ?? encoder with { DropPathRate = DropPathRate(meta) ?? encoder.DropPathRate },
            Decoder = decoder,
            NumClasses = classes,
        };
    }

    private static int Rank(ShapeReader shapes, DecoderConfig decoder, CheckpointMeta? meta, ModelConfig? preset, List<string> notes)
    {
        if (shapes.Find(ModelLayout.BasesName) is not null)
        {
            return shapes.Size(ModelLayout.BasesName, 3, 2);
        }

        if (meta?.ConfigText is { } text && RankInText().Match(text) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, out int rank))
        {
            return rank;
        }

        if (preset is not null)
        {
            notes.Add($"The number of NMF bases is not in the file; {preset.Decoder!.NmfRank} is that of SegNeXt-{preset.Name.ToUpperInvariant()}, which has the same sizes.");
            return preset.Decoder.NmfRank;
        }

        int assumed = decoder.HamChannels <= 256 ? 16 : 64;
        notes.Add($"The number of NMF bases is not in the file; {assumed} is assumed, as the released models of about {decoder.HamChannels} channels have it.");
        return assumed;
    }

    private static int[] InputStages(ShapeReader shapes, EncoderConfig encoder, List<string> notes)
    {
        int channels = shapes.Size(ModelLayout.DecoderPrefix + "squeeze.conv.weight", 4, 1);
        int[][] fitting = [.. s_inputStages.Where(stages => stages.Sum(stage => (long)encoder.EmbedDims[stage]) == channels)];
        if (fitting.Length == 0)
        {
            throw new InputException($"{shapes.Path}: the decoder reads {channels} channels ({ModelLayout.DecoderPrefix}squeeze.conv.weight), which is no sum of the stages' {MessageText.Shape([.. encoder.EmbedDims.Select(dim => (long)dim)])}.");
        }

        if (fitting.Length > 1)
        {
            notes.Add($"The decoder's {channels} channels fit several sets of stages; stages {string.Join(", ", fitting[0].Select(stage => stage + 1))} are assumed.");
        }

        return fitting[0];
    }

    private static double? DropPathRate(CheckpointMeta? meta) =>
        meta?.ConfigText is { } text && DropPathInText().Match(text) is { Success: true } match && double.TryParse(match.Groups[1].ValueSpan, out double rate) && rate < 1
            ? rate
            : null;

    private static bool SameButRank(ModelConfig preset, EncoderConfig encoder, DecoderConfig decoder) =>
        SameSizes(preset.Encoder, encoder)
        && preset.Decoder!.Channels == decoder.Channels
        && preset.Decoder.HamChannels == decoder.HamChannels
        && preset.Decoder.InputStages.AsSpan().SequenceEqual(decoder.InputStages);

    [GeneratedRegex("""\bMD_R['"]?\s*[=:]\s*([0-9]{1,5})\b""")]
    private static partial Regex RankInText();

    [GeneratedRegex("""\bdrop_path_rate['"]?\s*[=:]\s*(0?\.[0-9]{1,9}|0)\b""")]
    private static partial Regex DropPathInText();
}
