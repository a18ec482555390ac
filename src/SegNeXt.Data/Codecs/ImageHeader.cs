namespace SegNeXt.Data;

/// <summary>What a picture's header says, before any pixel is looked at.</summary>
/// <param name="Format">JPEG or PNG.</param>
/// <param name="Width">Columns as they are stored.</param>
/// <param name="Height">Rows as they are stored.</param>
/// <param name="Orientation">The EXIF orientation, 1 to 8.</param>
/// <param name="Scattered">Whether the rows do not follow one another in the file: an interlaced PNG, a progressive JPEG.</param>
internal readonly record struct ImageHeader(ImageFormat Format, int Width, int Height, int Orientation, bool Scattered)
{
    /// <summary>How much of a file is read at first.</summary>
    private const int FirstBytes = 1 << 16;

    /// <summary>Reads a file's header; the size is not judged.</summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <exception cref="SegNeXt.Core.InputException">The file cannot be read, is no JPEG or PNG, or its header is damaged.</exception>
    public static ImageHeader Read(string path) => InputFile.Read(path, stream =>
    {
        // Profiles and thumbnails may push the header far back: read on, four times as much each time.
        byte[] start = [];
        for (long wanted = FirstBytes; ; wanted *= 4)
        {
            int length = (int)Math.Min(Math.Min(wanted, stream.Length), Array.MaxLength);
            int have = start.Length;
            Array.Resize(ref start, length);
            have += stream.ReadAtLeast(start.AsSpan(have), length - have, throwOnEndOfStream: false);
            if (Parse(start.AsSpan(0, have), path, isWhole: have < wanted) is { } header)
            {
                return header;
            }
        }
    });

    /// <summary>Reads the header of a file that is in memory; the size is not judged.</summary>
    /// <param name="data">The whole JPEG or PNG file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="SegNeXt.Core.InputException">The data are no JPEG or PNG, or the header is damaged.</exception>
    public static ImageHeader Read(ReadOnlySpan<byte> data, string name) => Parse(data, name, isWhole: true)!.Value;

    private static ImageHeader? Parse(ReadOnlySpan<byte> start, string name, bool isWhole)
    {
        ImageFormat format = ImageSignature.Require(start[..Math.Min(start.Length, ImageSignature.Length)], name);
        if (format == ImageFormat.Jpeg)
        {
            return JpegStructure.ReadHeader(start, name, isWhole) is { } jpeg
                ? new ImageHeader(format, jpeg.Frame.Width, jpeg.Frame.Height, jpeg.Orientation, jpeg.Frame.IsProgressive)
                : null;
        }

        return PngStructure.ReadHeader(start, name, isWhole) is { } png
            ? new ImageHeader(format, png.Header.Width, png.Header.Height, png.Orientation, png.Header.Interlaced)
            : null;
    }
}
