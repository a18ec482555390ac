using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A picture under the colours of its classes, with a legend of the classes that occur in it below.</summary>
public static class OverlayPicture
{
    private const int Paper = 0xFFFFFF;
    private const int Ink = 0x202020;

    /// <summary>Draws the overlay.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="labels">Class ids at the picture's size; ids without a colour leave the picture as it is.</param>
    /// <param name="classes">Names and colours.</param>
    /// <param name="opacity">Share of the colour, 0 to 1.</param>
    /// <returns>A picture of the same width, and higher by the legend.</returns>
    /// <exception cref="ArgumentException">Picture and labels differ in size.</exception>
    public static RgbImage Draw(RgbImage image, LabelMap labels, ClassSet classes, double opacity = 0.55)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classes);
        if (image.Width != labels.Width || image.Height != labels.Height)
        {
            throw new ArgumentException($"The picture has {image.Width}×{image.Height} pixels, the labels {labels.Width}×{labels.Height}.", nameof(labels));
        }

        int[] present = PresentClasses(labels, classes.Count);

        // Letters of a fixed share of the picture: readable when it is shown as a whole.
        int scale = Math.Clamp(image.Width / 400, 1, 8);
        int line = (BitmapFont.Height + 3) * scale;
        int column = present.Length == 0 ? 1 : present.Max(id => EntryWidth(classes.Names[id], scale));
        int columns = Math.Clamp(image.Width / column, 1, Math.Max(1, present.Length));
        int rows = (present.Length + columns - 1) / columns;
        int legend = rows == 0 ? 0 : (rows * line) + (4 * scale);

        RgbImage result = new(image.Width, image.Height + legend);
        Blend(image, labels, classes.Palette, opacity, result.Pixels);
        PictureCanvas canvas = new(result);
        canvas.Fill(0, image.Height, image.Width, legend, Paper);
        for (int i = 0; i < present.Length; i++)
        {
            int x = (i % columns * column) + (3 * scale);
            int y = image.Height + (i / columns * line) + (4 * scale);
            canvas.Fill(x, y - scale, BitmapFont.Height * scale, BitmapFont.Height * scale, classes.Palette[present[i]]);
            canvas.Write(classes.Names[present[i]], x + ((BitmapFont.Height + 3) * scale), y, scale, Ink);
        }

        return result;
    }

    /// <summary>The classes that occur, those with most pixels first.</summary>
    private static int[] PresentClasses(LabelMap labels, int classes)
    {
        var pixels = new long[256];
        foreach (byte id in labels.Ids)
        {
            pixels[id]++;
        }

        return [.. Enumerable.Range(0, Math.Min(classes, LabelMap.Ignore)).Where(id => pixels[id] > 0).OrderByDescending(id => pixels[id])];
    }

    private static int EntryWidth(string name, int scale) => ((BitmapFont.Height + 9) * scale) + PictureCanvas.WidthOf(name, scale);

    private static void Blend(RgbImage image, LabelMap labels, int[] palette, double opacity, byte[] result)
    {
        int share = (int)Math.Round(opacity * 256);
        for (int i = 0; i < labels.Ids.Length; i++)
        {
            int id = labels.Ids[i];
            for (int channel = 0; channel < 3; channel++)
            {
                int pixel = image.Pixels[(i * 3) + channel];
                int colour = id < palette.Length ? (palette[id] >> (16 - (8 * channel))) & 255 : pixel;
                result[(i * 3) + channel] = (byte)(((pixel * (256 - share)) + (colour * share) + 128) >> 8);
            }
        }
    }
}
