using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Shows class ids as colours over the picture that they belong to.</summary>
public static class Overlay
{
    /// <summary>Edge of a picture, in pixels, for each pixel of a contour's width.</summary>
    private const int EdgePerContour = 900;

    /// <summary>How far a class's contour goes from its colour towards black or, for dark colours, towards white.</summary>
    private const double ContourShade = 0.4;

    private const double DarkColor = 0.4;

    /// <summary>Mixes the classes' colours into a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="labels">Ids of the same size; pixels whose id has no colour (255, mostly) keep the picture.</param>
    /// <param name="palette">Colours <c>0xRRGGBB</c> by id.</param>
    /// <param name="opacity">0 (the picture alone) to 1 (the colours alone).</param>
    /// <param name="contours">Whether a thin line, a darker or lighter shade of its colour, runs along the inside of each region.</param>
    /// <returns>A new picture.</returns>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static RgbImage Blend(RgbImage image, LabelMap labels, int[] palette, double opacity = 0.5, bool contours = true)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(palette);
        ArgumentOutOfRangeException.ThrowIfNegative(opacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(opacity, 1);
        if (image.Width != labels.Width || image.Height != labels.Height)
        {
            throw new ArgumentException($"The picture has {image.Width}×{image.Height} pixels, the labels {labels.Width}×{labels.Height}.", nameof(labels));
        }

        RgbImage result = new(image.Width, image.Height, image.Pixels.AsSpan().ToArray());
        int share = (int)Math.Round(opacity * 255);
        int reach = contours ? Math.Max(1, (int)Math.Round((double)Math.Max(image.Width, image.Height) / EdgePerContour)) : 0;
        int[] lines = [.. palette.Select(Contour)];
        for (int y = 0; y < labels.Height; y++)
        {
            ReadOnlySpan<byte> row = Row(labels, y);
            ReadOnlySpan<byte> above = Row(labels, Math.Max(y - reach, 0));
            ReadOnlySpan<byte> below = Row(labels, Math.Min(y + reach, labels.Height - 1));
            Span<byte> pixels = result.Pixels.AsSpan(y * row.Length * 3, row.Length * 3);
            for (int x = 0; x < row.Length; x++)
            {
                byte id = row[x];
                if (id >= palette.Length)
                {
                    continue;
                }

                bool isLine = IsOther(above[x]) || IsOther(below[x])
                    || IsOther(row[Math.Max(x - reach, 0)]) || IsOther(row[Math.Min(x + reach, row.Length - 1)]);
                Colors.MixInto(pixels.Slice(x * 3, 3), isLine ? lines[id] : palette[id], isLine ? 255 : share);

                // Towards pixels without a class there is no line: they are often specks or seams in hand-made labels.
                bool IsOther(byte neighbour) => neighbour != id && neighbour < palette.Length;
            }
        }

        return result;
    }

    /// <summary>
    /// The picture with the classes' colours, and beside or below it a legend of the classes that occur: colour, name
    /// and share of the picture's pixels, the largest first.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="labels">Ids of the same size.</param>
    /// <param name="names">Names of the classes by id.</param>
    /// <param name="palette">Colours <c>0xRRGGBB</c> by id.</param>
    /// <param name="opacity">0 (the picture alone) to 1 (the colours alone).</param>
    /// <param name="contours">Whether regions are outlined.</param>
    /// <returns>A new picture, larger than <paramref name="image"/>, which lies unscaled in its upper left corner.</returns>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static RgbImage WithLegend(
        RgbImage image, LabelMap labels, string[] names, int[] palette, double opacity = 0.5, bool contours = true)
    {
        ArgumentNullException.ThrowIfNull(names);
        RgbImage blended = Blend(image, labels, palette, opacity, contours);
        return Legend.Attach(blended, Legend.Count(labels, names, palette));
    }

    private static ReadOnlySpan<byte> Row(LabelMap labels, int y) => labels.Ids.AsSpan(y * labels.Width, labels.Width);

    private static int Contour(int color) => Colors.Mix(color, Colors.Lightness(color) < DarkColor ? 0xFFFFFF : 0, ContourShade);
}
