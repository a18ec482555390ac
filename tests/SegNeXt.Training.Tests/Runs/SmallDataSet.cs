using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training.Tests;

/// <summary>A data set of a few small pictures in which the label follows from the colour, in the plain folder layout.</summary>
internal static class SmallDataSet
{
    public const int Classes = 3;

    public static void Write(string root, int train = 6, int val = 2, int width = 72, int height = 56)
    {
        File.WriteAllText(Directory.CreateDirectory(root).FullName + "/classes.txt", "left\nmiddle\nright\n");
        WriteSplit(root, "train", train, width, height, 1);
        WriteSplit(root, "val", val, width, height, 1000);
    }

    private static void WriteSplit(string root, string split, int count, int width, int height, ulong seed)
    {
        string images = Directory.CreateDirectory(Path.Combine(root, "images", split)).FullName;
        string labels = Directory.CreateDirectory(Path.Combine(root, "labels", split)).FullName;
        for (int i = 0; i < count; i++)
        {
            SampleRandom random = new(seed + (ulong)i);
            RgbImage image = new(width, height);
            LabelMap label = new(width, height);
            int border = (int)random.NextDouble(width * 0.3, width * 0.6);
            for (int p = 0; p < width * height; p++)
            {
                int id = p % width < border ? 0 : p % width < border + 12 ? 1 : 2;
                label.Ids[p] = (byte)id;
                for (int channel = 0; channel < 3; channel++)
                {
                    image.Pixels[(p * 3) + channel] = (byte)((channel == id ? 200 : 40) + random.NextDouble(0, 40));
                }
            }

            PngWriter.WriteRgb(Path.Combine(images, $"{i:d3}.png"), image);
            PngWriter.WriteLabel(Path.Combine(labels, $"{i:d3}.png"), label);
        }
    }
}
