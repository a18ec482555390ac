namespace SegNeXt.Core;

public sealed partial record ModelConfig
{
    private const int Stages = 4;

    /// <summary>Checks that the sizes fit together; whoever builds from a config calls this first.</summary>
    /// <remarks>Opening a model waits for it: what is said of a fault is put together where there is one.</remarks>
    /// <exception cref="InputException">A value is out of range or contradicts another; the message names the field.</exception>
    public void Validate()
    {
        ValidateEncoder();
        if (Decoder is not null)
        {
            ValidateDecoder(Decoder);
        }

        if (NumClasses < 1 || (Decoder is not null && NumClasses > 255))
        {
            throw Fault("NumClasses", $"{NumClasses}", Decoder is null ? "1 or more" : "1 to 255");
        }

        if (ClassNames is not null && ClassNames.Length != NumClasses)
        {
            throw Fault("ClassNames", $"{ClassNames.Length} names", $"{NumClasses}, one per class");
        }

        if (Palette is not null && Palette.Length != NumClasses)
        {
            throw Fault("Palette", $"{Palette.Length} colours", $"{NumClasses}, one per class");
        }

        if (Mean is not { Length: 3 } || !Array.TrueForAll(Mean, double.IsFinite))
        {
            throw Fault("Mean", Show(Mean), "three numbers");
        }

        if (Std is not { Length: 3 } || !Array.TrueForAll(Std, value => double.IsFinite(value) && value > 0))
        {
            throw Fault("Std", Show(Std), "three numbers above 0");
        }
    }

    private void ValidateEncoder()
    {
        EncoderConfig encoder = Encoder;
        RequireFour("EmbedDims", encoder.EmbedDims);
        if (Mscan is not null && encoder.EmbedDims[0] % 2 != 0)
        {
            throw Fault("Encoder.EmbedDims", Show(encoder.EmbedDims), "an even number for the first stage, whose stem starts with half");
        }

        RequireFour("Depths", encoder.Depths);
        RequireFour("MlpRatios", encoder.MlpRatios);
        if (encoder.DropPathRate is not (>= 0 and < 1))
        {
            throw Fault("Encoder.DropPathRate", $"{encoder.DropPathRate}", "0 to below 1");
        }

        if (encoder is MixTransformerConfig mit)
        {
            ValidateHeads(mit);
        }

        if (encoder is MscanConfig mscan)
        {
            ValidateAttention(mscan);
        }
    }

    private static void ValidateHeads(MixTransformerConfig encoder)
    {
        RequireFour("NumHeads", encoder.NumHeads);
        for (int i = 0; i < Stages; i++)
        {
            if (encoder.EmbedDims[i] % encoder.NumHeads[i] != 0)
            {
                throw Fault("Encoder.NumHeads", Show(encoder.NumHeads), $"divisors of the channels {Show(encoder.EmbedDims)}");
            }
        }

        RequireFour("SrRatios", encoder.SrRatios);
    }

    private static void ValidateAttention(MscanConfig encoder)
    {
        if (encoder.Attention is not (MscanConfig.Msca or MscanConfig.LargeKernel))
        {
            throw Fault("Encoder.Attention", $"'{encoder.Attention}'", "'msca' or 'lka'");
        }

        int[] branches = encoder.Branches ?? [];
        if (!IsAscending(branches) || !Array.TrueForAll(branches, branch => branch is 7 or 11 or 21))
        {
            throw Fault("Encoder.Branches", Show(branches), "some of 7, 11 and 21, ascending");
        }

        if (encoder.Attention == MscanConfig.LargeKernel)
        {
            // They are parts of MSCA.
            if (branches.Length != MscanConfig.AllBranches.Count)
            {
                throw Fault("Encoder.Branches", Show(branches), "all of 7, 11 and 21 with the attention 'lka', which has none of them");
            }

            if (!encoder.ChannelMixing || !encoder.Gating)
            {
                throw Fault(encoder.ChannelMixing ? "Encoder.Gating" : "Encoder.ChannelMixing", "false", "true with the attention 'lka'");
            }
        }
    }

    private static void ValidateDecoder(DecoderConfig decoder)
    {
        if (!DecoderTypes.All.Contains(decoder.Type))
        {
            throw Fault("Decoder.Type", $"'{decoder.Type}'", $"one of {string.Join(", ", DecoderTypes.All.Select(type => $"'{type}'"))}");
        }

        bool hasContext = DecoderTypes.HasContext(decoder.Type);
        if (hasContext)
        {
            RequireAtLeast("GroupNormGroups", decoder.GroupNormGroups, 1);
            RequireGroups("Channels", decoder.Channels);
            RequireGroups("HamChannels", decoder.HamChannels);
        }

        RequireAtLeast("Channels", decoder.Channels, 1);
        if (decoder.Type == DecoderTypes.Ham)
        {
            RequireAtLeast("NmfRank", decoder.NmfRank, 1);
        }

        RequireDivisor(DecoderTypes.CrissCross, DecoderTypes.CrissCrossReduction);
        RequireDivisor(DecoderTypes.NonLocal, DecoderTypes.NonLocalReduction);
        RequireAtLeast("NmfTrainSteps", decoder.NmfTrainSteps, 0);
        RequireAtLeast("NmfEvalSteps", decoder.NmfEvalSteps, 0);
        if (decoder.Dropout is not (>= 0 and < 1))
        {
            throw Fault("Decoder.Dropout", $"{decoder.Dropout}", "0 to below 1");
        }

        int[] stages = decoder.InputStages ?? [];
        if (!IsAscending(stages) || !Array.TrueForAll(stages, stage => stage is >= 0 and < Stages))
        {
            throw Fault("Decoder.InputStages", Show(stages), "stages 0 to 3, ascending");
        }

        void RequireGroups(string field, int channels)
        {
            if (channels < 1 || channels % decoder.GroupNormGroups != 0)
            {
                throw Fault($"Decoder.{field}", $"{channels}", $"a multiple of the {decoder.GroupNormGroups} groups of the group norms");
            }
        }

        void RequireDivisor(string type, int divisor)
        {
            if (decoder.Type == type && decoder.HamChannels % divisor != 0)
            {
                throw Fault("Decoder.HamChannels", $"{decoder.HamChannels}", $"a multiple of {divisor}, by which the decoder '{type}' divides it");
            }
        }
    }

    /// <summary>Whether there are numbers, each larger than the one before.</summary>
    private static bool IsAscending(int[] values)
    {
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] <= values[i - 1])
            {
                return false;
            }
        }

        return values.Length > 0;
    }

    private static void RequireFour(string field, int[]? values)
    {
        if (values is not { Length: Stages } || !Array.TrueForAll(values, value => value >= 1))
        {
            throw Fault($"Encoder.{field}", Show(values), "four numbers above 0");
        }
    }

    private static void RequireAtLeast(string field, int value, int least)
    {
        if (value < least)
        {
            throw Fault($"Decoder.{field}", $"{value}", $"{least} or more");
        }
    }

    private static string Show<T>(T[]? values) => values is null ? "nothing" : $"[{string.Join(", ", values)}]";

    private static InputException Fault(string field, string found, string expected) => new($"The model's {field} is {found}; expected {expected}.");
}
