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

    /// <summary>Writes a model file of random weights.</summary>
    /// <param name="path">A <c>.safetensors</c> path.</param>
    /// <param name="config">What the model is.</param>
    /// <param name="extra">The name of a tensor that gets other values, or null.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Those values.</param>
    public static string Write(string path, ModelConfig config, string? extra = null, long[]? shape = null, float[]? values = null)
    {
        using RandomWeights weights = new(config);
        IEnumerable<NamedTensor> tensors = weights.Tensors.Where(tensor => tensor.Name != extra).Select(tensor => NamedTensor.FromSource(weights, tensor.Name));
        SafetensorsWriter.Write(path, extra is null ? tensors : tensors.Append(NamedTensor.FromFloats(extra, shape!, values!)), weights.Metadata);
        return path;
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
