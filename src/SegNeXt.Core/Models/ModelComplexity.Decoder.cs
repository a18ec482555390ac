namespace SegNeXt.Core;

/// <content>The decoders.</content>
public static partial class ModelComplexity
{
    private static void CountDecoder(
        ComplexityCounter counter, ModelConfig config, DecoderConfig decoder, FeatureSize[] features, FeatureSize image)
    {
        FeatureSize size = features[decoder.InputStages[0]];
        int input = decoder.InputStages.Sum(stage => config.Encoder.EmbedDims[stage]);
        string prefix = ModelLayout.DecoderPrefix;
        if (decoder.Type == DecoderTypes.Mlp)
        {
            CountMlp(counter, config, decoder, features);
        }
        else
        {
            if (DecoderTypes.HasContext(decoder.Type) || decoder.InputStages.Length > 1)
            {
                counter.Add(ComplexityKind.Resize, 4L * input, size.Positions);
            }

            switch (decoder.Type)
            {
                case DecoderTypes.Aspp:
                    CountAspp(counter, decoder, input, size);
                    break;
                case DecoderTypes.Psp:
                    CountPsp(counter, decoder, input, size);
                    break;
                case DecoderTypes.DualAttention:
                    CountDualAttention(counter, decoder, input, size);
                    break;
                default:
                    CountConvNorm(counter, decoder.HamChannels, input, 1, size);
                    counter.Close("squeeze", decoder.HamChannels, size, prefix + "squeeze.");
                    CountContext(counter, decoder, size);
                    CountConvNorm(counter, decoder.Channels, decoder.HamChannels, 1, size);
                    counter.Close("align", decoder.Channels, size, prefix + "align.");
                    break;
            }
        }

        counter.Convolution(ComplexityKind.DecoderPointwise, config.NumClasses, decoder.Channels, 1, size);
        counter.Close("classifier", config.NumClasses, size, ModelLayout.ClassifierPrefix(decoder.Type));

        counter.Add(ComplexityKind.Resize, 4L * config.NumClasses, image.Positions);
        counter.Close("resize", config.NumClasses, image);
    }

    private static void CountContext(ComplexityCounter counter, DecoderConfig decoder, FeatureSize size)
    {
        int dim = decoder.HamChannels;
        long n = size.Positions;
        string name;
        switch (decoder.Type)
        {
            case DecoderTypes.Ham:
                name = "hamburger";
                counter.Convolution(ComplexityKind.DecoderPointwise, 2 * dim, dim, 1, size);
                counter.Add(ComplexityKind.Norm, dim, n);
                CountNmf(counter, dim, decoder.NmfRank, n, decoder.NmfEvalSteps);
                break;
            case DecoderTypes.Msca:
                name = "attn";
                CountAttention(counter, MscanConfig.Tiny, dim, size, ComplexityKind.DecoderPointwise, ComplexityKind.DecoderConvolution);
                break;
            case DecoderTypes.CrissCross:
                name = "cca";
                int narrow = dim / DecoderTypes.CrissCrossReduction;
                for (int i = 0; i < DecoderTypes.CrissCrossRecurrence; i++)
                {
                    counter.Convolution(ComplexityKind.DecoderPointwise, (2 * narrow) + dim, dim, 1, size);
                    counter.Add(ComplexityKind.Attention, checked(((long)size.Height + size.Width) * (narrow + dim)), n);
                    counter.Add(ComplexityKind.ElementWise, dim, n);
                }

                break;
            case DecoderTypes.NonLocal:
                name = "nl_block";
                int inner = dim / DecoderTypes.NonLocalReduction;
                counter.Convolution(ComplexityKind.DecoderPointwise, 4 * inner, dim, 1, size);
                counter.Add(ComplexityKind.Attention, checked(2 * n * inner), n);
                counter.Add(ComplexityKind.Norm, dim, n);
                break;
            default:
                name = "ema";
                counter.Convolution(ComplexityKind.DecoderPointwise, 2 * dim, dim, 1, size);
                counter.Add(ComplexityKind.Attention, ((2L * DecoderTypes.EmaStages) + 1) * DecoderTypes.EmaBases * dim, n);
                counter.Add(ComplexityKind.Norm, dim, n);
                break;
        }

        counter.Close(name, dim, size, $"{ModelLayout.DecoderPrefix}{name}{(name == "ema" ? "_" : ".")}");
    }

    private static void CountMlp(ComplexityCounter counter, ModelConfig config, DecoderConfig decoder, FeatureSize[] features)
    {
        FeatureSize size = features[decoder.InputStages[0]];
        foreach (int stage in decoder.InputStages)
        {
            counter.Convolution(ComplexityKind.DecoderPointwise, decoder.Channels, config.Encoder.EmbedDims[stage], 1, features[stage]);
        }

        // The first keeps its size, and the released code resizes the others alone.
        int inputs = decoder.InputStages.Length;
        counter.Add(ComplexityKind.Resize, 4L * (inputs - 1) * decoder.Channels, size.Positions);
        counter.Close("linear", decoder.Channels, size, ModelLayout.DecoderPrefix + "linear_c");

        CountConvNorm(counter, decoder.Channels, inputs * decoder.Channels, 1, size);
        counter.Close("fuse", decoder.Channels, size, ModelLayout.DecoderPrefix + "linear_fuse.");
    }

    private static void CountAspp(ComplexityCounter counter, DecoderConfig decoder, int input, FeatureSize size)
    {
        int channels = decoder.Channels, rates = DecoderTypes.AtrousRates(decoder.InputStages[0]).Count;
        CountPooled(counter, channels, input, 1, size);
        counter.Close("image_pool", channels, size, ModelLayout.DecoderPrefix + "image_pool.");
        CountConvNorm(counter, channels, input, 1, size);
        for (int i = 1; i < rates; i++)
        {
            CountConvNorm(counter, channels, input, 9, size);
        }

        counter.Close("aspp_modules", rates * channels, size, ModelLayout.DecoderPrefix + "aspp_modules.");
        CountConvNorm(counter, channels, (rates + 1) * channels, 9, size);
        counter.Close("bottleneck", channels, size, ModelLayout.DecoderPrefix + "bottleneck.");
    }

    private static void CountPsp(ComplexityCounter counter, DecoderConfig decoder, int input, FeatureSize size)
    {
        int channels = decoder.Channels;
        foreach (int bins in DecoderTypes.PyramidBins)
        {
            CountPooled(counter, channels, input, bins, size);
        }

        int wide = input + (DecoderTypes.PyramidBins.Count * channels);
        counter.Close("psp_modules", wide, size, ModelLayout.DecoderPrefix + "psp_modules.");
        CountConvNorm(counter, channels, wide, 9, size);
        counter.Close("bottleneck", channels, size, ModelLayout.DecoderPrefix + "bottleneck.");
    }

    private static void CountDualAttention(ComplexityCounter counter, DecoderConfig decoder, int input, FeatureSize size)
    {
        int channels = decoder.Channels;
        long n = size.Positions;
        CountConvNorm(counter, channels, input, 9, size);
        counter.Convolution(ComplexityKind.DecoderPointwise, (2 * DecoderTypes.PositionChannels) + channels, channels, 1, size);
        counter.Add(ComplexityKind.Attention, checked(n * (DecoderTypes.PositionChannels + channels)), n);
        counter.Add(ComplexityKind.ElementWise, channels, n);
        CountConvNorm(counter, channels, channels, 9, size);
        counter.Close("pam", channels, size, ModelLayout.DecoderPrefix + "pam");

        CountConvNorm(counter, channels, input, 9, size);
        counter.Add(ComplexityKind.Attention, 2L * channels * channels, n);
        counter.Add(ComplexityKind.ElementWise, channels, n);
        CountConvNorm(counter, channels, channels, 9, size);
        counter.Close("cam", channels, size, ModelLayout.DecoderPrefix + "cam");
    }

    /// <summary>Means over a grid, a 1×1 convolution with its norm there, and the way back to the map's size.</summary>
    private static void CountPooled(ComplexityCounter counter, int output, int input, int bins, FeatureSize size)
    {
        FeatureSize grid = new(bins, bins);
        counter.Add(ComplexityKind.ElementWise, input, grid.Positions);
        CountConvNorm(counter, output, input, 1, grid);
        counter.Add(ComplexityKind.Resize, 4L * output, size.Positions);
    }

    private static void CountConvNorm(ComplexityCounter counter, int output, int input, int taps, FeatureSize size)
    {
        counter.Convolution(taps == 1 ? ComplexityKind.DecoderPointwise : ComplexityKind.DecoderConvolution, output, input, taps, size);
        counter.Add(ComplexityKind.Norm, output, size.Positions);
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
