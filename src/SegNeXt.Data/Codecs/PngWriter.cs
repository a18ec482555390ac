using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Writes pictures and labels as PNG (libspng).</summary>
public static class PngWriter
{
    /// <summary>Writes class ids: 8-bit grey, or 8-bit indexed where there is a palette. Either reads back as the same ids.</summary>
    /// <param name="path">The file; it is there wholly or not at all.</param>
    /// <param name="labels">The ids.</param>
    /// <param name="palette">Colours <c>0xRRGGBB</c> of the ids, at most 256; ids beyond them are shown black. Null or empty: grey.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">More than 256 colours.</exception>
    public static void WriteLabel(string path, LabelMap labels, int[]? palette = null)
    {
        byte[] data = EncodeLabel(labels, palette);
        AtomicFile.Write(path, stream => stream.Write(data));
    }

    /// <summary>Writes a picture: 8-bit RGB.</summary>
    /// <param name="path">The file; it is there wholly or not at all.</param>
    /// <param name="image">The picture.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WriteRgb(string path, RgbImage image)
    {
        byte[] data = EncodeRgb(image);
        AtomicFile.Write(path, stream => stream.Write(data));
    }

    /// <summary>Encodes class ids as <see cref="WriteLabel"/> writes them.</summary>
    /// <param name="labels">The ids.</param>
    /// <param name="palette">Colours <c>0xRRGGBB</c>, at most 256, or null.</param>
    /// <returns>The bytes of the PNG file.</returns>
    /// <exception cref="ArgumentException">More than 256 colours.</exception>
    public static byte[] EncodeLabel(LabelMap labels, int[]? palette = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (palette?.Length > 256)
        {
            throw new ArgumentException($"A PNG palette has at most 256 colours, not {palette.Length}.", nameof(palette));
        }

        return PngEncoder.EncodeIds(labels.Width, labels.Height, labels.Ids, palette);
    }

    /// <summary>Encodes a picture as 8-bit RGB.</summary>
    /// <param name="image">The picture.</param>
    /// <returns>The bytes of the PNG file.</returns>
    public static byte[] EncodeRgb(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return PngEncoder.EncodeRgb(image.Width, image.Height, image.Pixels);
    }
}
