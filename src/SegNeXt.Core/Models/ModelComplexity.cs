namespace SegNeXt.Core;

/// <summary>
/// Counts parameters and multiply-adds from the sizes alone; nothing is run. The rule is that of the counter behind
/// the paper's Table 9: every multiplication of one picture's way to logits at its own size counts one.
/// </summary>
/// <remarks>
/// <para>Counted: convolutions, linear layers and matrix products, one per product, biases not; norms, one per value
/// written; element-wise products and means, one per value written; bilinear resizes, four per value written, those of
/// the decoder's inputs (the first one, which keeps its size, included as in the released <c>ham_head.py</c>) and of the
/// logits. Not counted: additions, divisions, ReLU, GELU, softmax. The NMF runs its evaluation rounds.</para>
/// <para><c>docs/flops.md</c> holds the figures beside the printed ones.</para>
/// </remarks>
public static partial class ModelComplexity
{
    private const int ImageChannels = 3;

    /// <summary>Counts a model at one picture size.</summary>
    /// <param name="config">What the model is.</param>
    /// <param name="height">Rows of the picture, at least 1.</param>
    /// <param name="width">Columns of the picture, at least 1.</param>
    /// <exception cref="InputException">The config contradicts itself; the message names the field.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public static ComplexityReport Count(ModelConfig config, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ComplexityCounter counter = new(ModelLayout.Enumerate(config), config.Decoder is null ? "" : ModelLayout.BackbonePrefix);
        FeatureSize[] features = CountEncoder(counter, config.Encoder, new FeatureSize(height, width));
        if (config.Decoder is { } decoder)
        {
            CountDecoder(counter, config, decoder, features, new FeatureSize(height, width));
        }
        else
        {
            int dim = config.Encoder.EmbedDims[^1];
            counter.Add(ComplexityKind.ElementWise, dim);
            counter.Add(ComplexityKind.Linear, dim, config.NumClasses);
            counter.Close("head", config.NumClasses, new FeatureSize(1, 1), "head.");
        }

        return counter.Report(height, width);
    }

    private static FeatureSize[] CountEncoder(ComplexityCounter counter, EncoderConfig encoder, FeatureSize size) => encoder switch
    {
        MscanConfig mscan => CountMscan(counter, mscan, size),
        MixTransformerConfig mit => CountMixTransformer(counter, mit, size),
        _ => throw new ArgumentException($"No count is known for {encoder.Family}.", nameof(encoder)),
    };

    private static FeatureSize[] CountMscan(ComplexityCounter counter, MscanConfig encoder, FeatureSize size)
    {
        FeatureSize[] features = new FeatureSize[encoder.EmbedDims.Length];
        int input = ImageChannels;
        for (int stage = 0; stage < features.Length; stage++)
        {
            int dim = encoder.EmbedDims[stage];
            if (stage == 0)
            {
                size = size.Halved();
                counter.Convolution(ComplexityKind.Stem, dim / 2, input, 9, size);
                counter.Add(ComplexityKind.Norm, dim / 2, size.Positions);
                input = dim / 2;
            }

            size = size.Halved();
            counter.Convolution(stage == 0 ? ComplexityKind.Stem : ComplexityKind.DownSampling, dim, input, 9, size);
            counter.Add(ComplexityKind.Norm, dim, size.Positions);
            for (int block = 0; block < encoder.Depths[stage]; block++)
            {
                CountBlock(counter, dim, dim * encoder.MlpRatios[stage], size);
            }

            counter.Add(ComplexityKind.Norm, dim, size.Positions);
            string number = $"{stage + 1}.";
            counter.CloseEncoderStage($"stage{stage + 1}", dim, size, $"patch_embed{number}", $"block{number}", $"norm{number}");
            features[stage] = size;
            input = dim;
        }

        return features;
    }

    private static void CountBlock(ComplexityCounter counter, int dim, int hidden, FeatureSize size)
    {
        // Kernel positions of MSCA's seven depth-wise convolutions: 5×5, then the strips 7, 11 and 21, each both ways.
        const int MscaTaps = 25 + (2 * 7) + (2 * 11) + (2 * 21);
        counter.Add(ComplexityKind.Norm, 2L * dim, size.Positions);
        counter.Convolution(ComplexityKind.BlockPointwise, 3 * dim, dim, 1, size);
        counter.Convolution(ComplexityKind.MscaDepthwise, dim, 1, MscaTaps, size);
        counter.Convolution(ComplexityKind.BlockPointwise, hidden, dim, 1, size);
        counter.Convolution(ComplexityKind.FfnDepthwise, hidden, 1, 9, size);
        counter.Convolution(ComplexityKind.BlockPointwise, dim, hidden, 1, size);

        // The attention's gate and the two layer scales.
        counter.Add(ComplexityKind.ElementWise, 3L * dim, size.Positions);
    }

    private static void CountDecoder(
        ComplexityCounter counter, ModelConfig config, DecoderConfig decoder, FeatureSize[] features, FeatureSize image)
    {
        FeatureSize size = features[decoder.InputStages[0]];
        int input = decoder.InputStages.Sum(stage => config.Encoder.EmbedDims[stage]);
        int ham = decoder.HamChannels;
        string prefix = ModelLayout.DecoderPrefix;

        counter.Add(ComplexityKind.Resize, 4L * input, size.Positions);
        counter.Convolution(ComplexityKind.DecoderPointwise, ham, input, 1, size);
        counter.Add(ComplexityKind.Norm, ham, size.Positions);
        counter.Close("squeeze", ham, size, prefix + "squeeze.");

        counter.Convolution(ComplexityKind.DecoderPointwise, 2 * ham, ham, 1, size);
        counter.Add(ComplexityKind.Norm, ham, size.Positions);
        CountNmf(counter, ham, decoder.NmfRank, size.Positions, decoder.NmfEvalSteps);
        counter.Close("hamburger", ham, size, prefix + "hamburger.");

        counter.Convolution(ComplexityKind.DecoderPointwise, decoder.Channels, ham, 1, size);
        counter.Add(ComplexityKind.Norm, decoder.Channels, size.Positions);
        counter.Close("align", decoder.Channels, size, prefix + "align.");

        counter.Convolution(ComplexityKind.DecoderPointwise, config.NumClasses, decoder.Channels, 1, size);
        counter.Close("classifier", config.NumClasses, size, prefix + "conv_seg.");

        counter.Add(ComplexityKind.Resize, 4L * config.NumClasses, image.Positions);
        counter.Close("resize", config.NumClasses, image);
    }

    /// <summary>
    /// NMF of X [D, N] with rank R: a half step is XᵀB or XC (N·D·R each), the small Gram matrix of the other factor,
    /// its product with the factor, and the element-wise update.
    /// </summary>
    private static void CountNmf(ComplexityCounter counter, long d, long r, long n, int steps)
    {
        checked
        {
            long projection = n * d * r;
            long denominator = r * r * (n + d);
            long halfSteps = (2L * steps) + 1;
            counter.Add(ComplexityKind.Nmf, projection * (halfSteps + 2));
            counter.Add(ComplexityKind.Nmf, denominator * halfSteps);

            // The scaled softmax argument and the updates: the coefficients once more often than the bases.
            counter.Add(ComplexityKind.ElementWise, (n * r * (steps + 2)) + (d * r * steps));
        }
    }
}
