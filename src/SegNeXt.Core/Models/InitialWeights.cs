namespace SegNeXt.Core;

/// <summary>
/// The weights that training starts from, without libtorch: for timing, and for trying out what a model file goes through.
/// A seed gives the same numbers on every machine; they are not those that libtorch draws from it.
/// </summary>
/// <remarks>
/// Distributions as in the released code: the encoder's convolutions and the decoder's normal with std √(2 / fan-out)
/// (<c>mscan.py</c>, <c>ham_head.py</c>), the classifiers' normal with std 0.01 (segmentation) or 0.02 (images), layer scales
/// 0.01, norms 1 and 0, biases 0.
/// </remarks>
public static class InitialWeights
{
    private const double LayerScale = 1e-2;

    /// <summary>All tensors of a model, in the released code's order, and the fixed NMF bases.</summary>
    /// <param name="config">What the model is.</param>
    /// <param name="seed">Chooses the numbers.</param>
    /// <exception cref="InputException">The config contradicts itself.</exception>
    public static IEnumerable<NamedTensor> Tensors(ModelConfig config, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(config);
        foreach (TensorSpec spec in ModelLayout.Enumerate(config))
        {
            if (spec.DType == TensorDType.I64)
            {
                yield return NamedTensor.FromInt64(spec.Name, spec.Shape, new long[1]);
            }
            else
            {
                var values = new float[spec.Shape.Aggregate(1L, (product, side) => product * side)];
                Fill(values, spec, ref seed);
                yield return NamedTensor.FromFloats(spec.Name, spec.Shape, values);
            }
        }

        if (config.Decoder is { } decoder)
        {
            yield return NamedTensor.FromFloats(ModelLayout.BasesName, [1, decoder.HamChannels, decoder.NmfRank], NmfBases.Default(decoder.HamChannels, decoder.NmfRank));
        }
    }

    /// <summary>Writes a model file with initial weights.</summary>
    /// <param name="path">A <c>.safetensors</c> path; replaced as a whole or not at all.</param>
    /// <param name="config">What the model is.</param>
    /// <param name="seed">Chooses the numbers.</param>
    /// <exception cref="InputException">The config contradicts itself, or the path cannot be written.</exception>
    public static void Write(string path, ModelConfig config, ulong seed) =>
        SafetensorsWriter.Write(path, Tensors(config, seed), ModelConfigJson.Metadata(config));

    private static void Fill(float[] values, TensorSpec spec, ref ulong state)
    {
        if (spec.Shape.Length > 1)
        {
            double std = Std(spec);
            for (int i = 0; i < values.Length; i += 2)
            {
                // Box and Muller: two uniform numbers give two normal ones.
                double radius = std * Math.Sqrt(-2 * Math.Log(1 - SplitMix64.NextUniform(ref state)));
                (double sin, double cos) = Math.SinCos(2 * Math.PI * SplitMix64.NextUniform(ref state));
                values[i] = (float)(radius * cos);
                if (i + 1 < values.Length)
                {
                    values[i + 1] = (float)(radius * sin);
                }
            }
        }
        else if (spec.Name.Contains(".layer_scale_", StringComparison.Ordinal))
        {
            Array.Fill(values, (float)LayerScale);
        }
        else if (spec.Name.EndsWith(".weight", StringComparison.Ordinal) || spec.Name.EndsWith(".running_var", StringComparison.Ordinal))
        {
            Array.Fill(values, 1);
        }
    }

    private static double Std(TensorSpec spec)
    {
        if (spec.Name is "head.weight" or ModelLayout.DecoderPrefix + "conv_seg.weight")
        {
            return spec.Shape.Length == 2 ? 0.02 : 0.01;
        }

        // Outputs per group times the kernel's area; a depth-wise convolution has one output per group.
        long groups = spec.Shape[1] == 1 ? spec.Shape[0] : 1;
        return Math.Sqrt(2.0 * groups / (spec.Shape[0] * spec.Shape[2] * spec.Shape[3]));
    }
}
