using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Shows class ids as colours over the picture that they belong to.</summary>
public static class Overlay
{
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
        RgbImage result = new(image.Width, image.Height, image.Pixels.AsSpan().ToArray());
        BlendInto(result, labels, palette, opacity, contours);
        return result;
    }

    /// <summary>Mixes the classes' colours into a picture, whose pixels are changed: for videos, where copies would cost.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="labels">Ids of the same size.</param>
    /// <param name="palette">Colours <c>0xRRGGBB</c> by id.</param>
    /// <param name="opacity">0 (the picture alone) to 1 (the colours alone).</param>
    /// <param name="contours">Whether regions are outlined.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static void BlendInto(RgbImage image, LabelMap labels, int[] palette, double opacity = 0.5, bool contours = true)
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

        OverlayRow row = new(image.Width, image.Height, palette, opacity, contours);
        for (int y = 0; y < labels.Height; y++)
        {
            row.Blend(
                image.Pixels.AsSpan(y * labels.Width * 3, labels.Width * 3),
                Row(labels, y),
                Row(labels, Math.Max(y - row.Reach, 0)),
                Row(labels, Math.Min(y + row.Reach, labels.Height - 1)));
        }
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
}
