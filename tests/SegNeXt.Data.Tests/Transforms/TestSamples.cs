using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>Pictures made up for tests.</summary>
internal static class TestSamples
{
    /// <summary>Random pixels, and labels in blocks of <paramref name="block"/> pixels with a few ignored ones.</summary>
    public static Sample Random(int width, int height, ulong seed, int classes = 5, int block = 7)
    {
        SampleRandom random = new(seed);
        RgbImage image = new(width, height);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = (byte)random.NextInt(0, 256);
        }

        LabelMap label = new(width, height);
        ulong salt = random.NextUInt64();
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                SampleRandom cell = new(salt + (ulong)(((y / block) * 1000) + (x / block)));
                int id = cell.NextInt(0, classes + 1);
                label.Ids[(y * width) + x] = id == classes ? LabelMap.Ignore : (byte)id;
            }
        }

        return new Sample(image, label);
    }
}
