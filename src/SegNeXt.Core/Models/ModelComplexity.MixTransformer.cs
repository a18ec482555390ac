namespace SegNeXt.Core;

/// <content>The Mix Transformer's multiply-adds, by the same rule.</content>
public static partial class ModelComplexity
{
    private static FeatureSize[] CountMixTransformer(ComplexityCounter counter, MixTransformerConfig encoder, FeatureSize size)
    {
        FeatureSize[] features = new FeatureSize[encoder.EmbedDims.Length];
        int input = ImageChannels;
        for (int stage = 0; stage < features.Length; stage++)
        {
            int dim = encoder.EmbedDims[stage];
            size = stage == 0 ? size.Halved().Halved() : size.Halved();
            int patch = ModelLayout.PatchSizes[stage];
            counter.Convolution(stage == 0 ? ComplexityKind.Stem : ComplexityKind.DownSampling, dim, input, (long)patch * patch, size);
            counter.Add(ComplexityKind.Norm, dim, size.Positions);
            for (int block = 0; block < encoder.Depths[stage]; block++)
            {
                CountTransformerBlock(counter, dim, dim * encoder.MlpRatios[stage], encoder.NumHeads[stage], encoder.SrRatios[stage], size);
            }

            counter.Add(ComplexityKind.Norm, dim, size.Positions);
            string number = $"{stage + 1}.";
            counter.CloseEncoderStage($"stage{stage + 1}", dim, size, $"patch_embed{number}", $"block{number}", $"norm{number}");
            features[stage] = size;
            input = dim;
        }

        return features;
    }

    private static void CountTransformerBlock(ComplexityCounter counter, int dim, int hidden, int heads, int reduction, FeatureSize size)
    {
        counter.Add(ComplexityKind.Norm, 2L * dim, size.Positions);
        FeatureSize reduced = size;
        if (reduction > 1)
        {
            // A map smaller than the window is filled up to it.
            reduced = new FeatureSize(Math.Max(1, size.Height / reduction), Math.Max(1, size.Width / reduction));
            counter.Convolution(ComplexityKind.SpatialReduction, dim, dim, (long)reduction * reduction, reduced);
            counter.Add(ComplexityKind.Norm, dim, reduced.Positions);
        }

        // q and the projection behind the attention at every position, k and v at the reduced ones.
        counter.Convolution(ComplexityKind.BlockPointwise, 2 * dim, dim, 1, size);
        counter.Convolution(ComplexityKind.BlockPointwise, 2 * dim, dim, 1, reduced);

        // Q·Kᵀ and its product with V over all heads; the scale in between.
        counter.Add(ComplexityKind.Attention, checked(2L * dim * reduced.Positions), size.Positions);
        counter.Add(ComplexityKind.ElementWise, checked(heads * reduced.Positions), size.Positions);

        counter.Convolution(ComplexityKind.BlockPointwise, hidden, dim, 1, size);
        counter.Convolution(ComplexityKind.FfnDepthwise, hidden, 1, 9, size);
        counter.Convolution(ComplexityKind.BlockPointwise, dim, hidden, 1, size);
    }
}
