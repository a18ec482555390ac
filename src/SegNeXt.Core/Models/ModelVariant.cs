using System.Globalization;

namespace SegNeXt.Core;

/// <summary>In what a model departs from its family's own, SegNeXt or SegFormer, in words: the variants of the paper's Tables 5 to 8.</summary>
public static class ModelVariant
{
    /// <summary>All departures, such as <c>decoder nl</c> or <c>MSCA without its 1×1 convolution</c>; empty for the family's own.</summary>
    /// <param name="config">The model.</param>
    public static IReadOnlyList<string> Describe(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        List<string> parts = [.. AttentionOf(config.Encoder)];
        if (config.Decoder is { } decoder)
        {
            if (decoder.Type != (config.Mscan is null ? DecoderTypes.Mlp : DecoderTypes.Ham))
            {
                parts.Add($"decoder {decoder.Type}");
            }

            if (!decoder.InputStages.AsSpan().SequenceEqual(DecoderTypes.DefaultStages(decoder.Type)))
            {
                string stages = string.Join(", ", decoder.InputStages.Select(stage => (stage + 1).ToString(CultureInfo.InvariantCulture)));
                parts.Add($"decoder on {(decoder.InputStages.Length == 1 ? "stage" : "stages")} {stages}");
            }
        }

        return parts;
    }

    /// <summary>
    /// The first departure that the managed engine and the ONNX export do not have, or null: they have MSCA as it is and the
    /// Hamburger, of any sizes and on any stages.
    /// </summary>
    /// <param name="config">A model with a decoder.</param>
    public static string? BeyondFixedGraph(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return (config.Mscan is null ? $"the encoder {config.Encoder.Family}" : AttentionOf(config.Encoder).FirstOrDefault())
            ?? (config.Decoder is { } decoder && decoder.Type != DecoderTypes.Ham ? $"the decoder '{decoder.Type}'" : null);
    }

    private static IEnumerable<string> AttentionOf(EncoderConfig config)
    {
        if (config is not MscanConfig encoder)
        {
            yield break;
        }

        if (encoder.Attention == MscanConfig.LargeKernel)
        {
            yield return "large-kernel attention in place of MSCA";
        }

        if (encoder.Branches.Length < MscanConfig.AllBranches.Count)
        {
            yield return $"MSCA with {(encoder.Branches.Length == 1 ? "branch" : "branches")} {string.Join(" and ", encoder.Branches)} alone";
        }

        if (!encoder.ChannelMixing)
        {
            yield return "MSCA without its 1×1 convolution";
        }

        if (!encoder.Gating)
        {
            yield return "MSCA without the attention product";
        }
    }
}
