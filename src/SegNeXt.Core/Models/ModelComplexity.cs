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
                CountBlock(counter, encoder, dim, dim * encoder.MlpRatios[stage], size);
            }

            counter.Add(ComplexityKind.Norm, dim, size.Positions);
            string number = $"{stage + 1}.";
            counter.CloseEncoderStage($"stage{stage + 1}", dim, size, $"patch_embed{number}", $"block{number}", $"norm{number}");
            features[stage] = size;
            input = dim;
        }

        return features;
    }

    private static void CountBlock(ComplexityCounter counter, MscanConfig encoder, int dim, int hidden, FeatureSize size)
    {
        counter.Add(ComplexityKind.Norm, 2L * dim, size.Positions);
        CountAttention(counter, encoder, dim, size, ComplexityKind.BlockPointwise, ComplexityKind.MscaDepthwise);
        counter.Convolution(ComplexityKind.BlockPointwise, hidden, dim, 1, size);
        counter.Convolution(ComplexityKind.FfnDepthwise, hidden, 1, 9, size);
        counter.Convolution(ComplexityKind.BlockPointwise, dim, hidden, 1, size);

        // The two layer scales.
        counter.Add(ComplexityKind.ElementWise, 2L * dim, size.Positions);
    }

    /// <summary>The attention half of a block: two projections, the depth-wise convolutions, the 1×1 convolution, the gate.</summary>
    private static void CountAttention(
        ComplexityCounter counter, MscanConfig encoder, int dim, FeatureSize size, ComplexityKind pointwise, ComplexityKind depthwise)
    {
        // Kernel positions: 5×5, and each strip both ways, or LKA's 7×7.
        int taps = 25 + (encoder.Attention == MscanConfig.LargeKernel ? 49 : 2 * encoder.Branches.Sum());
        counter.Convolution(pointwise, (encoder.ChannelMixing ? 3 : 2) * dim, dim, 1, size);
        counter.Convolution(depthwise, dim, 1, taps, size);
        counter.Add(ComplexityKind.ElementWise, encoder.Gating ? dim : 0, size.Positions);
    }
}
