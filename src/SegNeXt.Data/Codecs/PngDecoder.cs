using System.Runtime.InteropServices;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Decodes PNG by libspng, as colours or as class ids.</summary>
internal static class PngDecoder
{
    /// <summary>
    /// The picture in 8-bit RGB: palettes expanded, grey repeated three times and scaled to 0…255, of 16 bits the high
    /// byte, alpha and transparency dropped without blending.
    /// </summary>
    /// <exception cref="InputException">The file is damaged, incomplete or too large.</exception>
    public static RgbImage DecodeRgb(ReadOnlySpan<byte> data, string name, ImageReadOptions options)
    {
        PngStructure structure = PngStructure.Parse(data, name, options);
        PngHeader header = structure.Header;
        byte[] pixels = Decode(structure, data, NativeSpng.FormatRgb8, (long)header.Width * header.Height * 3, name);
        RgbImage image = new(header.Width, header.Height, pixels);
        return options.ApplyOrientation ? PictureTurn.Apply(image, structure.Orientation) : image;
    }

    /// <summary>
    /// The raw values as ids: the palette's index, grey of 1, 2 and 4 bits unscaled, of 16 bits the low byte; the alpha
    /// of a grey picture is dropped.
    /// </summary>
    /// <exception cref="InputException">The file is damaged, incomplete, too large, or a colour picture.</exception>
    public static LabelMap DecodeLabel(ReadOnlySpan<byte> data, string name, ImageReadOptions options) =>
        DecodeLabel(data, name, options, out _);

    /// <summary>As the other, and tells whether values of 16 bits were cut: some high byte is not 0.</summary>
    /// <exception cref="InputException">The file is damaged, incomplete, too large, or a colour picture.</exception>
    public static LabelMap DecodeLabel(ReadOnlySpan<byte> data, string name, ImageReadOptions options, out bool cut)
    {
        cut = false;
        PngStructure structure = PngStructure.Parse(data, name, options);
        PngHeader header = structure.Header;
        if (header.ColorType is PngHeader.Rgb or PngHeader.Rgba)
        {
            throw new InputException($"{name} is a colour picture ({header.Kind}), but a label holds class ids: write a grey or palette PNG with the id of each pixel's class in place of its colour.");
        }

        byte[] raw = Decode(structure, data, NativeSpng.FormatRaw, header.RowBytes * header.Height, name);
        if (header is { Depth: 8, Channels: 1 })
        {
            return new LabelMap(header.Width, header.Height, raw);
        }

        LabelMap labels = new(header.Width, header.Height);
        int rowBytes = (int)header.RowBytes;
        for (int y = 0; y < header.Height; y++)
        {
            Unpack(raw.AsSpan(y * rowBytes, rowBytes), labels.Ids.AsSpan(y * header.Width, header.Width), header);
        }

        for (int high = 0; header.Depth == 16 && high < raw.Length; high += 2 * header.Channels)
        {
            cut |= raw[high] != 0;
        }

        return labels;
    }

    private static byte[] Decode(PngStructure structure, ReadOnlySpan<byte> data, int format, long size, string name)
    {
        // Pinned: the context keeps the address.
        byte[] file = structure.ForDecoder(data);
        using SpngHandle context = NativeSpng.NewContext(0);
        Check(NativeSpng.SetPngBuffer(context, Marshal.UnsafeAddrOfPinnedArrayElement(file, 0), (nuint)file.Length), name);
        Check(NativeSpng.DecodedImageSize(context, format, out nuint needed), name);
        if (needed != (nuint)size)
        {
            throw new InvalidOperationException($"libspng wants {needed} bytes for {name}, {size} were expected.");
        }

        byte[] pixels = GC.AllocateUninitializedArray<byte>(checked((int)size));
        Check(NativeSpng.DecodeImage(context, pixels, needed, format, 0), name);

        // The last row may be there before the last chunk's checksum has been looked at.
        Check(NativeSpng.DecodeChunks(context), name);
        GC.KeepAlive(file);
        return pixels;
    }

    private static void Unpack(ReadOnlySpan<byte> row, Span<byte> ids, PngHeader header)
    {
        if (header.Depth >= 8)
        {
            // Bytes stand with the high one first, and alpha behind the grey.
            int step = header.Channels * header.Depth / 8;
            int low = header.Depth / 8 - 1;
            for (int x = 0; x < ids.Length; x++)
            {
                ids[x] = row[x * step + low];
            }

            return;
        }

        int mask = (1 << header.Depth) - 1;
        int perByte = 8 / header.Depth;
        for (int x = 0; x < ids.Length; x++)
        {
            int shift = (perByte - 1 - x % perByte) * header.Depth;
            ids[x] = (byte)((row[x / perByte] >> shift) & mask);
        }
    }

    private static void Check(int status, string name)
    {
        if (status != 0)
        {
            throw new InputException($"{name} is damaged: {NativeSpng.ErrorText(status)} (libspng).");
        }
    }
}
