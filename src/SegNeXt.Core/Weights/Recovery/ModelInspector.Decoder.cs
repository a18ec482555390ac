using System.Text.RegularExpressions;

namespace SegNeXt.Core;

/// <content>The decoder's sizes, and what its shapes do not tell: the number of NMF bases.</content>
public static partial class ModelInspector
{
    /// <summary>Sets of stages that a decoder may read, the likely ones first.</summary>
    private static readonly int[][] s_inputStages =
        [[1, 2, 3], [0, 1, 2, 3], [3], [2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [1, 3], [1, 2], [0, 3], [0, 2], [0, 1], [2], [1], [0]];

    /// <summary>A tensor that a decoder of each kind has and no other, and the one whose second axis are the channels that it reads.</summary>
    private static readonly (string Type, string Mark, string Reader)[] s_decoderMarks =
    [
        (DecoderTypes.Mlp, "linear_fuse.conv.weight", ""),
        (DecoderTypes.Aspp, "aspp_modules.0.conv.weight", "aspp_modules.0.conv.weight"),
        (DecoderTypes.Psp, "psp_modules.0.1.conv.weight", "psp_modules.0.1.conv.weight"),
        (DecoderTypes.DualAttention, "pam_in_conv.conv.weight", "pam_in_conv.conv.weight"),
        (DecoderTypes.CrissCross, "cca.query_conv.weight", Squeeze),
        (DecoderTypes.NonLocal, "nl_block.theta.conv.weight", Squeeze),
        (DecoderTypes.Ema, "ema_module.bases", Squeeze),
        (DecoderTypes.Msca, "attn.proj_1.weight", Squeeze),
    ];

    private const string Squeeze = "squeeze.conv.weight";

    private static ModelConfig Segmenter(ShapeReader shapes, EncoderConfig encoder, CheckpointMeta? meta, List<string> notes)
    {
        string head = ModelLayout.DecoderPrefix;
        (string type, string _, string reader) = s_decoderMarks.FirstOrDefault(mark => shapes.Find(head + mark.Mark) is not null, (Type: DecoderTypes.Ham, Mark: "", Reader: Squeeze));
        string classifier = ModelLayout.ClassifierPrefix(type) + "weight";
        int classes = shapes.Size(classifier, 4, 0);
        DecoderConfig decoder = new()
        {
            Type = type,
            Channels = shapes.Size(classifier, 4, 1),
            HamChannels = DecoderTypes.HasContext(type) ? shapes.Size(head + Squeeze, 4, 0) : 0,
            NmfRank = type == DecoderTypes.Ham ? 1 : 0,
            InputStages = type == DecoderTypes.Mlp ? NamedStages(shapes) : InputStages(shapes, head + reader, encoder, notes),
        };
        ModelConfig? preset = ModelConfig.PresetNames.Select(size => ModelConfig.Preset(size, 1)).FirstOrDefault(candidate => SameButRank(candidate, encoder, decoder));
        if (type == DecoderTypes.Ham)
        {
            decoder = decoder with { NmfRank = Rank(shapes, decoder, meta, preset, notes) };
        }

        return new ModelConfig
        {
            Name = preset is not null && (type != DecoderTypes.Ham || preset.Decoder!.NmfRank == decoder.NmfRank) ? preset.Name : "custom",
            Encoder = encoder with { DropPathRate = preset?.Encoder.DropPathRate ?? DropPathRate(meta) ?? encoder.DropPathRate },
            Decoder = decoder,
            NumClasses = classes,
        };
    }

    /// <summary>The stages that an all-MLP decoder has a linear layer for.</summary>
    private static int[] NamedStages(ShapeReader shapes) =>
        [.. Enumerable.Range(0, 4).Where(stage => shapes.Find($"{ModelLayout.DecoderPrefix}linear_c{stage + 1}.proj.weight") is not null)];

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

    private static int[] InputStages(ShapeReader shapes, string reader, EncoderConfig encoder, List<string> notes)
    {
        int channels = shapes.Size(reader, 4, 1);
        int[][] fitting = [.. s_inputStages.Where(stages => stages.Sum(stage => (long)encoder.EmbedDims[stage]) == channels)];
        if (fitting.Length == 0)
        {
            throw new InputException($"{shapes.Path}: the decoder reads {channels} channels ({reader}), which is no sum of the stages' {MessageText.Shape([.. encoder.EmbedDims.Select(dim => (long)dim)])}.");
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
        && (decoder.HamChannels == 0 || preset.Decoder.HamChannels == decoder.HamChannels)
        && DecoderTypes.DefaultStages(decoder.Type).AsSpan().SequenceEqual(decoder.InputStages);

    [GeneratedRegex("""\bMD_R['"]?\s*[=:]\s*([0-9]{1,5})\b""")]
    private static partial Regex RankInText();

    [GeneratedRegex("""\bdrop_path_rate['"]?\s*[=:]\s*(0?\.[0-9]{1,9}|0)\b""")]
    private static partial Regex DropPathInText();
}
