using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>Small pictures and labels in the layouts of the known data sets.</summary>
internal static class TinyFiles
{
    public const int Width = 6;
    public const int Height = 4;

    /// <summary>Writes a picture of <see cref="Width"/>×<see cref="Height"/>, as its name says JPEG or PNG.</summary>
    public static void Picture(this TemporaryFolder folder, string path)
    {
        RgbImage image = new(Width, Height);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = (byte)(i * 3);
        }

        string file = folder.Prepare(path);
        if (path.EndsWith(".png", StringComparison.Ordinal))
        {
            PngWriter.WriteRgb(file, image);
        }
        else
        {
            JpegWriter.Write(file, image);
        }
    }

    /// <summary>Writes a grey label whose first values are given and whose rest repeats the last.</summary>
    public static void Label(this TemporaryFolder folder, string path, params byte[] values) =>
        PngWriter.WriteLabel(folder.Prepare(path), Map(values));

    /// <summary>A label map likewise.</summary>
    public static LabelMap Map(params byte[] values) =>
        new(Width, Height, [.. values, .. Enumerable.Repeat(values[^1], Width * Height - values.Length)]);

    /// <summary>Writes a text.</summary>
    public static void Text(this TemporaryFolder folder, string path, string text) => File.WriteAllText(folder.Prepare(path), text);

    /// <summary>The full path of a file, in a folder that is there.</summary>
    public static string Prepare(this TemporaryFolder folder, string path)
    {
        string file = folder.File(path.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }

    /// <summary>The message of the error, with the folder's path taken out.</summary>
    public static string Error(this TemporaryFolder folder, Action action) =>
        Assert.Throws<InputException>(action).Message.Replace(folder.Path, "ROOT", StringComparison.Ordinal).Replace('\\', '/');
}
