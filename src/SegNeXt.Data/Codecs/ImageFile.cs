using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Reads pictures and labels: JPEG and PNG, told apart by their first bytes, whatever the file is called.</summary>
/// <remarks>
/// JPEG (libjpeg-turbo): baseline, extended and progressive Huffman coding, 8 bits, grey, colour and CMYK. PNG (libspng):
/// every depth and colour type, interlaced or not; gamma, profiles and transparency are ignored. A damaged or incomplete
/// file is an error, never half a picture. Not counted as damage: anything behind a file's end marker, bytes between a
/// JPEG's header segments that belong to nothing, padding behind its last scan, a missing end marker behind the one
/// complete scan of a sequential JPEG, faults in metadata.
/// </remarks>
public static class ImageFile
{
    /// <summary>Labels are never turned.</summary>
    private static readonly ImageReadOptions s_asStored = new() { ApplyOrientation = false };

    /// <summary>Reads a picture.</summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <param name="options">How; <see cref="ImageReadOptions.Default"/> if null.</param>
    /// <returns>8-bit RGB <c>[H, W, 3]</c>; see <see cref="ReadRgb(ReadOnlySpan{byte}, string, ImageReadOptions?)"/>.</returns>
    /// <exception cref="InputException">The file cannot be read, is no JPEG or PNG, or is damaged.</exception>
    public static RgbImage ReadRgb(string path, ImageReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ReadRgb(ReadBytes(path), path, options);
    }

    /// <summary>Decodes a picture that is in memory.</summary>
    /// <remarks>
    /// Grey is repeated three times (fewer than 8 bits scaled to 0…255), palettes are expanded, of 16 bits the high byte
    /// is taken, alpha is dropped without blending, CMYK is converted by <c>R = (1 − C)(1 − K)</c>. The EXIF orientation is
    /// applied unless <see cref="ImageReadOptions.ApplyOrientation"/> is false.
    /// </remarks>
    /// <param name="data">The whole JPEG or PNG file.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="options">How; <see cref="ImageReadOptions.Default"/> if null.</param>
    /// <returns>8-bit RGB <c>[H, W, 3]</c>.</returns>
    /// <exception cref="InputException">The data are no JPEG or PNG, or are damaged.</exception>
    public static RgbImage ReadRgb(ReadOnlySpan<byte> data, string name, ImageReadOptions? options = null)
    {
        ImageFormat format = ImageSignature.Require(Start(data), name);
        options ??= ImageReadOptions.Default;
        return format == ImageFormat.Jpeg
            ? JpegDecoder.Decode(data, name, options)
            : PngDecoder.DecodeRgb(data, name, options);
    }

    /// <summary>Reads a map of class ids.</summary>
    /// <param name="path">A grey or palette PNG file.</param>
    /// <param name="options">How; <see cref="ImageReadOptions.Default"/> if null.</param>
    /// <returns>Ids <c>[H, W]</c>; see <see cref="ReadLabel(ReadOnlySpan{byte}, string, ImageReadOptions?)"/>.</returns>
    /// <exception cref="InputException">The file cannot be read, holds colours instead of ids, or is damaged.</exception>
    public static LabelMap ReadLabel(string path, ImageReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ReadLabel(ReadBytes(path), path, options);
    }

    /// <summary>Decodes a map of class ids that is in memory.</summary>
    /// <remarks>
    /// The raw values are the ids: the index of a palette PNG, the unscaled values of 1, 2, 4 and 8-bit grey, the low byte
    /// of 16-bit grey. They are not turned by an EXIF orientation. <see cref="ImageReadOptions.ReduceZeroLabel"/> is applied.
    /// </remarks>
    /// <param name="data">The whole PNG file.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="options">How; <see cref="ImageReadOptions.Default"/> if null.</param>
    /// <returns>Ids <c>[H, W]</c>.</returns>
    /// <exception cref="InputException">The data hold colours instead of ids, or are damaged.</exception>
    public static LabelMap ReadLabel(ReadOnlySpan<byte> data, string name, ImageReadOptions? options = null)
    {
        if (ImageSignature.Require(Start(data), name) == ImageFormat.Jpeg)
        {
            throw new InputException($"{name} is a JPEG picture, which cannot hold class ids exactly; a label is a grey or palette PNG.");
        }

        options ??= ImageReadOptions.Default;
        LabelMap labels = PngDecoder.DecodeLabel(data, name, options);
        if (options.ReduceZeroLabel)
        {
            ReduceZero(labels.Ids);
        }

        return labels;
    }

    /// <summary>Reads a map of class ids that may be written as colours.</summary>
    /// <param name="path">A PNG file: colours, or else ids as <see cref="ReadLabel(string, ImageReadOptions?)"/> reads them.</param>
    /// <param name="colours">Which class a colour stands for.</param>
    /// <param name="hasColours">Whether the file held colours; the result is then made of class ids.</param>
    /// <returns>Ids <c>[H, W]</c>, or the raw values of a grey or palette PNG.</returns>
    /// <exception cref="InputException">The file cannot be read or is damaged, or a colour is no class.</exception>
    public static LabelMap ReadLabel(string path, ColourMap colours, out bool hasColours)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(colours);
        byte[] data = ReadBytes(path);
        hasColours = ImageSignature.Require(Start(data), path) == ImageFormat.Png
            && PngStructure.ReadHeader(data, path, isWhole: true) is { Header.ColorType: PngHeader.Rgb or PngHeader.Rgba };
        return hasColours
            ? colours.Apply(PngDecoder.DecodeRgb(data, path, s_asStored), path)
            : ReadLabel(data, path);
    }

    /// <summary>The size of a picture, from its header alone; the pixel data are not looked at.</summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <param name="options">How; <see cref="ImageReadOptions.Default"/> if null.</param>
    /// <returns>Columns and rows as <see cref="ReadRgb(string, ImageReadOptions?)"/> gives them: after the EXIF orientation where it is applied.</returns>
    /// <exception cref="InputException">The file cannot be read, is no JPEG or PNG, or its header is damaged or claims too many pixels.</exception>
    public static (int Width, int Height) ReadSize(string path, ImageReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= ImageReadOptions.Default;
        return Size(ImageHeader.Read(path), path, options);
    }

    /// <summary>The size of a picture that is in memory, from its header alone; the pixel data are not looked at.</summary>
    /// <param name="data">The whole JPEG or PNG file.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="options">How; <see cref="ImageReadOptions.Default"/> if null.</param>
    /// <returns>Columns and rows, after the EXIF orientation where it is applied.</returns>
    /// <exception cref="UnknownPictureException">The data are no JPEG or PNG.</exception>
    /// <exception cref="TooManyPixelsException">The header claims more pixels than the options allow.</exception>
    /// <exception cref="InputException">The header is damaged.</exception>
    public static (int Width, int Height) ReadSize(ReadOnlySpan<byte> data, string name, ImageReadOptions? options = null) =>
        Size(ImageHeader.Read(data, name), name, options ?? ImageReadOptions.Default);

    private static (int Width, int Height) Size(ImageHeader header, string name, ImageReadOptions options)
    {
        PixelLimit.Check(header.Width, header.Height, name, options);
        return options.ApplyOrientation && ExifOrientation.SwapsAxes(header.Orientation) ? (header.Height, header.Width) : (header.Width, header.Height);
    }

    /// <summary>The whole file, but no more than its first bytes where those show that it is no picture.</summary>
    private static byte[] ReadBytes(string path) => InputFile.Read(path, stream =>
    {
        Span<byte> start = stackalloc byte[ImageSignature.Length];
        int count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        ImageSignature.Require(start[..count], path);
        if (stream.Length > Array.MaxLength)
        {
            throw new InputException($"{path} is larger than 2 GB.");
        }

        byte[] data = GC.AllocateUninitializedArray<byte>(checked((int)Math.Max(stream.Length, count)));
        start[..count].CopyTo(data);
        int length = count + stream.ReadAtLeast(data.AsSpan(count), data.Length - count, throwOnEndOfStream: false);
        return length == data.Length ? data : data[..length];
    });

    private static ReadOnlySpan<byte> Start(ReadOnlySpan<byte> data) => data[..Math.Min(data.Length, ImageSignature.Length)];

    private static void ReduceZero(Span<byte> ids)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            // 0 wraps to 255; 255 stays.
            ids[i] = ids[i] == LabelMap.Ignore ? LabelMap.Ignore : (byte)(ids[i] - 1);
        }
    }
}
