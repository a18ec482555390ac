using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>Pictures made by rule.</summary>
internal static class TestPictures
{
    /// <summary>Random pixels.</summary>
    public static RgbImage Noise(int width, int height, int seed)
    {
        RgbImage image = new(width, height);
        new Random(seed).NextBytes(image.Pixels);
        return image;
    }

    /// <summary>Smooth waves of colour, as JPEG likes them.</summary>
    public static RgbImage Waves(int width, int height)
    {
        RgbImage image = new(width, height);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int x = i / 3 % width;
            int y = i / 3 / width;
            image.Pixels[i] = (byte)(128 + 100 * Math.Sin(x * 0.05 + i % 3) * Math.Cos(y * 0.07 - i % 3));
        }

        return image;
    }

    /// <summary>Rectangles of ids.</summary>
    public static LabelMap Blocks(int width, int height, int classes)
    {
        LabelMap labels = new(width, height);
        for (int i = 0; i < labels.Ids.Length; i++)
        {
            labels.Ids[i] = (byte)((i % width / 16 + i / width / 16 * 3) % classes);
        }

        return labels;
    }
}
