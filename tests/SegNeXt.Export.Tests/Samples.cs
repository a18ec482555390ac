using SegNeXt.Core;

namespace SegNeXt.Export.Tests;

/// <summary>Models and pictures to export and compare.</summary>
internal static class Samples
{
    /// <summary>A small network that is odd in everything that a graph might take for granted.</summary>
    public static ModelConfig Small { get; } = new()
    {
        Encoder = new MscanConfig { EmbedDims = [8, 16, 24, 32], Depths = [1, 2, 1, 1] },
        Decoder = new DecoderConfig { Channels = 32, HamChannels = 64, NmfRank = 8 },
        NumClasses = 5,
        ClassNames = ["road", "Bürgersteig", "\"sky\"", "car", "other"],
        Palette = [0x804080, 0xf423e8, 0x4682b4, 0x00008e, 0x000000],
        Mean = [120, 110.5, 100],
        Std = [60, 55, 50],
    };

    /// <summary>
    /// Writes a model file whose norms, biases and layer scales have been drawn too: with those that training starts from,
    /// folding them wrongly would change nothing. Layer scales stay small, or the attention's products would grow from block
    /// to block in so many untrained ones.
    /// </summary>
    public static string Write(string path, ModelConfig config, int seed = 3)
    {
        Random random = new(seed);
        SafetensorsWriter.Write(path, InitialWeights.Tensors(config, (ulong)seed).Select(Lively), ModelConfigJson.Metadata(config));
        return path;

        NamedTensor Lively(NamedTensor tensor)
        {
            TensorInfo info = tensor.Info;
            bool classifier = info.Name == "decode_head.conv_seg.weight";
            if (info.DType != TensorDType.F32 || (info.Shape.Length != 1 && !classifier))
            {
                return tensor;
            }

            (double least, double most) = classifier ? (-1.0, 1.0)
                : info.Name.EndsWith(".running_var", StringComparison.Ordinal) ? (0.3, 2.0)
                : info.Name.Contains("layer_scale", StringComparison.Ordinal) ? (0.005, 0.02)
                : info.Name.EndsWith(".weight", StringComparison.Ordinal) ? (0.5, 1.5)
                : (-0.2, 0.2);
            var values = new float[info.ElementCount];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)(least + (random.NextDouble() * (most - least)));
            }

            return NamedTensor.FromFloats(info.Name, info.Shape, values);
        }
    }

    /// <summary>A picture of noise over areas of one colour.</summary>
    public static RgbImage Picture(int height, int width, int seed = 1)
    {
        RgbImage picture = new(width, height);
        Random random = new(seed);
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            int area = (i / 3 / width / 16) + (i / 3 % width / 16) + (i % 3);
            picture.Pixels[i] = (byte)((area * 53 % 200) + random.Next(56));
        }

        return picture;
    }

    /// <summary>Normalised planes of pictures of one size, as an exported graph takes them.</summary>
    public static float[] Normalise(ModelConfig config, params RgbImage[] pictures) =>
    [
        .. pictures.SelectMany(picture => Enumerable.Range(0, 3).SelectMany(channel =>
            Enumerable.Range(0, picture.Width * picture.Height).Select(i => (float)((picture.Pixels[(i * 3) + channel] - config.Mean[channel]) / config.Std[channel])))),
    ];

    /// <summary>The largest difference as a share of the range of what is expected.</summary>
    public static double Difference(ReadOnlySpan<float> values, ReadOnlySpan<float> expected)
    {
        Assert.Equal(expected.Length, values.Length);
        double worst = 0, least = double.MaxValue, most = double.MinValue;
        for (int i = 0; i < values.Length; i++)
        {
            double difference = Math.Abs((double)values[i] - expected[i]);
            worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, difference);
            (least, most) = (Math.Min(least, expected[i]), Math.Max(most, expected[i]));
        }

        return worst / (most - least);
    }
}
