namespace SegNeXt.Core;

/// <summary>
/// Upper limits of a config that comes from a file, so that a damaged one cannot ask for more memory than any machine
/// has; and the file's name in front of whatever <see cref="ModelConfig.Validate"/> finds.
/// </summary>
internal static class ModelConfigLimits
{
    private const int MaxChannels = 16384;
    private const int MaxDepth = 1024;
    private const int MaxRatio = 64;
    private const int MaxSteps = 1000;
    private const int MaxClasses = 65535;

    /// <summary>Checks a config.</summary>
    /// <exception cref="InputException">A field is out of range or contradicts another.</exception>
    public static void Check(ModelConfig config, string where)
    {
        try
        {
            config.Validate();
        }
        catch (InputException error)
        {
            throw new InputException($"{where}: model config: {error.Message}", error);
        }

        RequireAll("encoder.embed_dims", config.Encoder.EmbedDims, MaxChannels);
        RequireAll("encoder.depths", config.Encoder.Depths, MaxDepth);
        RequireAll("encoder.mlp_ratios", config.Encoder.MlpRatios, MaxRatio);
        if (config.Encoder is MixTransformerConfig mit)
        {
            RequireAll("encoder.sr_ratios", mit.SrRatios, MaxRatio);
        }

        Require("num_classes", config.NumClasses, MaxClasses);
        if (config.Decoder is { } decoder)
        {
            Require("decoder.channels", decoder.Channels, MaxChannels);
            Require("decoder.ham_channels", decoder.HamChannels, MaxChannels);
            Require("decoder.nmf_rank", decoder.NmfRank, MaxChannels);
            Require("decoder.nmf_train_steps", decoder.NmfTrainSteps, MaxSteps);
            Require("decoder.nmf_eval_steps", decoder.NmfEvalSteps, MaxSteps);
        }

        if (config.ClassNames is { } names && Array.Exists(names, name => name is null))
        {
            throw new InputException($"{where}: model config: class_names holds null where a name was expected.");
        }

        void RequireAll(string field, int[] values, int most)
        {
            foreach (int value in values)
            {
                Require(field, value, most);
            }
        }

        void Require(string field, int value, int most)
        {
            if (value > most)
            {
                throw new InputException($"{where}: model config: the field {field} is {value}, more than {most}.");
            }
        }
    }
}
