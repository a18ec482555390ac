using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training.Tests;

/// <summary>Three folders of small noisy pictures, each of one colour.</summary>
internal static class ClassPictures
{
    private static readonly string[] s_names = ["red", "green", "blue"];

    /// <summary>Writes <c>SPLIT/red</c>, <c>SPLIT/green</c> and <c>SPLIT/blue</c>.</summary>
    public static void Write(string root, string split, int each)
    {
        for (int c = 0; c < s_names.Length; c++)
        {
            string folder = Path.Combine(root, split, s_names[c]);
            Directory.CreateDirectory(folder);
            for (int i = 0; i < each; i++)
            {
                SampleRandom random = new(Seeds.For(c, split, i));
                RgbImage image = new(36 + i, 40);
                for (int p = 0; p < image.Pixels.Length; p++)
                {
                    image.Pixels[p] = (byte)random.NextInt(p % 3 == c ? 120 : 0, p % 3 == c ? 256 : 120);
                }

                PngWriter.WriteRgb(Path.Combine(folder, $"{i:000}.png"), image);
            }
        }
    }
}
