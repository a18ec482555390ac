using System.Globalization;

namespace SegNeXt.Core;

/// <summary>The memory that a picture needs on its way through the network, so that one too large for the machine is refused in words.</summary>
public static class ActivationMemory
{
    /// <summary>
    /// Bytes that the network's own tensors take at the least, in float32: the input twice (as read and as laid out),
    /// and in the stage that needs most, the block's map twice and the feed-forward part's widened map twice; with a Mix
    /// Transformer its attention, or what the decoder needs, where that is more.
    /// </summary>
    /// <remarks>Measured with SegNeXt-T on libtorch: 170 bytes a pixel; the formula gives 168.</remarks>
    /// <param name="config">What the model is.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="width">Columns of the picture.</param>
    public static long Estimate(ModelConfig config, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(config);
        double pixels = (double)height * width;
        double perPixel = 0;
        for (int stage = 0; stage < config.Encoder.EmbedDims.Length; stage++)
        {
            double side = 4 << stage;
            double channels = ((2 * config.Encoder.MlpRatios[stage]) + 2) * config.Encoder.EmbedDims[stage];
            if (config.Encoder is MixTransformerConfig mit)
            {
                // The attention's weights before and after the softmax grow with the square of the picture.
                double reduced = pixels / Math.Pow(side * mit.SrRatios[stage], 2);
                channels = Math.Max(channels, (4.0 * mit.EmbedDims[stage]) + (2 * mit.NumHeads[stage] * reduced));
            }

            perPixel = Math.Max(perPixel, channels / (side * side));
        }

        double decoder = config.Decoder is { } head ? DecoderMaps(config, head, height, width) : 0;
        return (long)((Math.Max(perPixel * pixels, decoder) + (6 * pixels)) * sizeof(float));
    }

    /// <summary>
    /// Numbers that attention between positions keeps of one picture for a backward pass: the weights of each pair of positions, or
    /// of those in a row or column. They grow faster than the picture; everything else grows with it.
    /// </summary>
    /// <param name="config">What the model is.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="width">Columns of the picture.</param>
    /// <returns>Those of all attentions together, and of the largest of them.</returns>
    public static (double All, double Largest) AttentionWeights(ModelConfig config, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(config);
        List<double> weights = [0];
        if (config.Encoder is MixTransformerConfig mit)
        {
            for (int stage = 0; stage < mit.EmbedDims.Length; stage++)
            {
                double n = Positions(stage), reduced = n / (mit.SrRatios[stage] * mit.SrRatios[stage]);
                weights.AddRange(Enumerable.Repeat(mit.NumHeads[stage] * n * reduced, mit.Depths[stage]));
            }
        }

        if (config.Decoder is { } decoder)
        {
            double n = Positions(decoder.InputStages[0]);
            weights.AddRange(decoder.Type switch
            {
                DecoderTypes.NonLocal or DecoderTypes.DualAttention => [n * n],
                DecoderTypes.CrissCross => Enumerable.Repeat(n * (height + width) / (4 << decoder.InputStages[0]), DecoderTypes.CrissCrossRecurrence),
                _ => Enumerable.Empty<double>(),
            });
        }

        return (weights.Sum(), weights.Max());

        double Positions(int stage) => (double)height * width / ((4 << stage) * (4 << stage));
    }

    /// <summary>
    /// Numbers that a decoder holds at once: its inputs resized and joined, and its widest maps; the weights between all
    /// pairs of positions, or of those in a row or column, before and after the softmax.
    /// </summary>
    private static double DecoderMaps(ModelConfig config, DecoderConfig decoder, int height, int width)
    {
        double side = 4 << decoder.InputStages[0];
        double n = (double)height * width / (side * side);
        double input = 2 * decoder.InputStages.Sum(stage => (double)config.Encoder.EmbedDims[stage]);
        return n * decoder.Type switch
        {
            DecoderTypes.Ham => input,
            DecoderTypes.Mlp => 2.0 * decoder.InputStages.Length * decoder.Channels,
            DecoderTypes.CrissCross => input + (2 * (height + width) / side),
            DecoderTypes.NonLocal => input + (2 * n),
            DecoderTypes.DualAttention => input + decoder.Channels + (2 * n),
            DecoderTypes.Aspp or DecoderTypes.Psp => input + (10.0 * decoder.Channels),
            _ => input + (2.0 * decoder.HamChannels),
        };
    }

    /// <summary>Refuses a picture that cannot pass at once: the system would end the process without a word.</summary>
    /// <param name="config">What the model is.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="available">Bytes of memory that the process may use.</param>
    /// <exception cref="InputException">The estimate is above that.</exception>
    public static void Require(ModelConfig config, int height, int width, long available) =>
        Require(Estimate(config, height, width), height, width, available);

    /// <summary>The same for an engine that knows what it needs.</summary>
    /// <param name="needed">Bytes for that picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="available">Bytes of memory that the process may use.</param>
    /// <exception cref="InputException">That is less than needed.</exception>
    public static void Require(long needed, int height, int width, long available)
    {
        if (needed > available)
        {
            throw new InputException(string.Create(
                CultureInfo.InvariantCulture,
                $"{width}×{height} pixels at once need about {needed / 1e9:0.0} GB of memory, and there are {available / 1e9:0.0}; use --mode slide, which cuts the picture into windows."));
        }
    }
}
