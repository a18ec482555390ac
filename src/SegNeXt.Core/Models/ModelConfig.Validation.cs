namespace SegNeXt.Core;

public sealed partial record ModelConfig
{
    private const int Stages = 4;

    /// <summary>Checks that the sizes fit together; whoever builds from a config calls this first.</summary>
    /// <exception cref="InputException">A value is out of range or contradicts another; the message names the field.</exception>
    public void Validate()
    {
        ValidateEncoder();
        if (Decoder is not null)
        {
            ValidateDecoder(Decoder);
        }

        Require(Decoder is null ? NumClasses >= 1 : NumClasses is >= 1 and <= 255, "NumClasses", $"{NumClasses}", Decoder is null ? "1 or more" : "1 to 255");
        Require(ClassNames is null || ClassNames.Length == NumClasses, "ClassNames", $"{ClassNames?.Length} names", $"{NumClasses}, one per class");
        Require(Palette is null || Palette.Length == NumClasses, "Palette", $"{Palette?.Length} colours", $"{NumClasses}, one per class");
        Require(Mean is { Length: 3 } && Mean.All(double.IsFinite), "Mean", Show(Mean), "three numbers");
        Require(Std is { Length: 3 } && Std.All(value => double.IsFinite(value) && value > 0), "Std", Show(Std), "three numbers above 0");
    }

    private void ValidateEncoder()
    {
        EncoderConfig encoder = Encoder;
        Require(AllPositive(encoder.EmbedDims), "Encoder.EmbedDims", Show(encoder.EmbedDims), "four numbers above 0");
        Require(Mscan is null || encoder.EmbedDims[0] % 2 == 0, "Encoder.EmbedDims", Show(encoder.EmbedDims), "an even number for the first stage, whose stem starts with half");
        Require(AllPositive(encoder.Depths), "Encoder.Depths", Show(encoder.Depths), "four numbers above 0");
        Require(AllPositive(encoder.MlpRatios), "Encoder.MlpRatios", Show(encoder.MlpRatios), "four numbers above 0");
        Require(encoder.DropPathRate is >= 0 and < 1, "Encoder.DropPathRate", $"{encoder.DropPathRate}", "0 to below 1");
        if (encoder is MixTransformerConfig mit)
        {
            Require(AllPositive(mit.NumHeads), "Encoder.NumHeads", Show(mit.NumHeads), "four numbers above 0");
            Require(mit.EmbedDims.Zip(mit.NumHeads).All(pair => pair.First % pair.Second == 0), "Encoder.NumHeads", Show(mit.NumHeads), $"divisors of the channels {Show(mit.EmbedDims)}");
            Require(AllPositive(mit.SrRatios), "Encoder.SrRatios", Show(mit.SrRatios), "four numbers above 0");
        }

        if (encoder is MscanConfig mscan)
        {
            ValidateAttention(mscan);
        }
    }

    private static void ValidateAttention(MscanConfig encoder)
    {
        Require(encoder.Attention is MscanConfig.Msca or MscanConfig.LargeKernel, "Encoder.Attention", $"'{encoder.Attention}'", "'msca' or 'lka'");
        int[] branches = encoder.Branches ?? [];
        Require(branches.Length > 0 && IsAscending(branches) && branches.All(MscanConfig.AllBranches.Contains), "Encoder.Branches", Show(branches), "some of 7, 11 and 21, ascending");
        if (encoder.Attention == MscanConfig.LargeKernel)
        {
            // They are parts of MSCA.
            Require(branches.Length == MscanConfig.AllBranches.Count, "Encoder.Branches", Show(branches), "all of 7, 11 and 21 with the attention 'lka', which has none of them");
            Require(encoder.ChannelMixing, "Encoder.ChannelMixing", "false", "true with the attention 'lka'");
            Require(encoder.Gating, "Encoder.Gating", "false", "true with the attention 'lka'");
        }
    }

    private static void ValidateDecoder(DecoderConfig decoder)
    {
        Require(DecoderTypes.All.Contains(decoder.Type), "Decoder.Type", $"'{decoder.Type}'", $"one of {string.Join(", ", DecoderTypes.All.Select(type => $"'{type}'"))}");
        if (DecoderTypes.HasContext(decoder.Type))
        {
            Require(decoder.GroupNormGroups >= 1, "Decoder.GroupNormGroups", $"{decoder.GroupNormGroups}", "1 or more");
            RequireGroups(decoder.Channels, "Decoder.Channels");
            RequireGroups(decoder.HamChannels, "Decoder.HamChannels");
        }

        Require(decoder.Channels >= 1, "Decoder.Channels", $"{decoder.Channels}", "1 or more");
        Require(decoder.Type != DecoderTypes.Ham || decoder.NmfRank >= 1, "Decoder.NmfRank", $"{decoder.NmfRank}", "1 or more");
        RequireDivisor(DecoderTypes.CrissCross, DecoderTypes.CrissCrossReduction);
        RequireDivisor(DecoderTypes.NonLocal, DecoderTypes.NonLocalReduction);
        Require(decoder.NmfTrainSteps >= 0, "Decoder.NmfTrainSteps", $"{decoder.NmfTrainSteps}", "0 or more");
        Require(decoder.NmfEvalSteps >= 0, "Decoder.NmfEvalSteps", $"{decoder.NmfEvalSteps}", "0 or more");
        Require(decoder.Dropout is >= 0 and < 1, "Decoder.Dropout", $"{decoder.Dropout}", "0 to below 1");
        int[] stages = decoder.InputStages ?? [];
        Require(stages.Length > 0 && IsAscending(stages) && stages.All(stage => stage is >= 0 and < Stages), "Decoder.InputStages", Show(stages), "stages 0 to 3, ascending");

        void RequireGroups(int channels, string field) => Require(
            channels >= 1 && channels % decoder.GroupNormGroups == 0,
            field,
            $"{channels}",
            $"a multiple of the {decoder.GroupNormGroups} groups of the group norms");

        void RequireDivisor(string type, int divisor) => Require(
            decoder.Type != type || decoder.HamChannels % divisor == 0, "Decoder.HamChannels", $"{decoder.HamChannels}", $"a multiple of {divisor}, by which the decoder '{type}' divides it");
    }

    private static bool IsAscending(int[] values) => values.Zip(values.Skip(1)).All(pair => pair.First < pair.Second);

    private static bool AllPositive(int[]? values) => values is { Length: Stages } && values.All(value => value >= 1);

    private static string Show<T>(T[]? values) => values is null ? "nothing" : $"[{string.Join(", ", values)}]";

    private static void Require(bool holds, string field, string found, string expected)
    {
        if (!holds)
        {
            throw new InputException($"The model's {field} is {found}; expected {expected}.");
        }
    }
}
