using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// A picture file read row by row, so that its size costs no memory: PNG that is not interlaced, and JPEG of one scan. What
/// cannot be read so (interlaced PNG, progressive JPEG, pictures that their EXIF orientation turns) is decoded at once
/// and held, up to <see cref="ImageReadOptions.MaxPixels"/>. The rows are those of
/// <see cref="ImageFile.ReadRgb(string, ImageReadOptions?)"/> either way.
/// </summary>
public abstract class ImageRows : IRgbRows, IDisposable
{
    private int _next;

    /// <summary>Creates a reader.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    private protected ImageRows(int width, int height) => (Width, Height) = (width, height);

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <summary>Whether the whole picture is held in memory after all.</summary>
    public virtual bool IsHeld => false;

    /// <summary>Opens a picture; its header alone is read.</summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <param name="options">How; <see cref="ImageReadOptions.Default"/> if null. The limit of pixels holds for pictures that must be held.</param>
    /// <exception cref="InputException">The file cannot be read, is no JPEG or PNG, or its header is damaged; or it must be held and is too large.</exception>
    public static ImageRows Open(string path, ImageReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= ImageReadOptions.Default;
        ImageHeader header = ImageHeader.Read(path);
        string? obstacle = Obstacle(header, options);
        if (obstacle is null && (header.Format == ImageFormat.Png ? new PngRows(path) : (ImageRows?)JpegRows.TryOpen(path)) is { } rows)
        {
            return rows;
        }

        obstacle ??= "is a JPEG of several scans, which has to be held whole: save it as a baseline JPEG or a PNG";

        if ((long)header.Width * header.Height > options.MaxPixels)
        {
            throw new InputException($"{path} has {header.Width}×{header.Height} pixels, over the limit of {options.MaxPixels} for a picture that {obstacle}.");
        }

        return new HeldRows(ImageFile.ReadRgb(path, options));
    }

    /// <summary>The size of a picture of any size, from its header alone.</summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <param name="options">How; <see cref="ImageReadOptions.Default"/> if null. No limit of pixels holds.</param>
    /// <returns>Columns and rows, after the EXIF orientation where it is applied.</returns>
    /// <exception cref="InputException">The file cannot be read, is no JPEG or PNG, or its header is damaged.</exception>
    public static (int Width, int Height) ReadSize(string path, ImageReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ImageHeader header = ImageHeader.Read(path);
        return (options ?? ImageReadOptions.Default).ApplyOrientation && ExifOrientation.SwapsAxes(header.Orientation)
            ? (header.Height, header.Width)
            : (header.Width, header.Height);
    }

    /// <inheritdoc/>
    public void Read(Span<byte> row)
    {
        if (row.Length != Width * 3)
        {
            throw new ArgumentException($"A row has {Width * 3} bytes, not {row.Length}.", nameof(row));
        }

        if (_next == Height)
        {
            throw new InvalidOperationException("All rows have been read.");
        }

        ReadRow(_next++, row);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads a row; they come in their order.</summary>
    private protected abstract void ReadRow(int y, Span<byte> row);

    /// <summary>Closes the file.</summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Why a picture cannot be read by rows, to follow "a picture that"; null where it can.</summary>
    private static string? Obstacle(ImageHeader header, ImageReadOptions options) =>
        options.ApplyOrientation && header.Orientation != ExifOrientation.Normal
            ? "its EXIF orientation turns, because such a picture has to be held whole"
            : header switch
            {
                { Format: ImageFormat.Jpeg, Scattered: true } => "is a progressive JPEG, which has to be held whole: save it as a baseline JPEG or a PNG",
                { Format: ImageFormat.Png, Scattered: true } => "is an interlaced PNG, which has to be held whole: save it without interlacing",
                _ => null,
            };
}

/// <summary>The rows of a picture that is held.</summary>
internal sealed class HeldRows(RgbImage image) : ImageRows(image.Width, image.Height)
{
    public override bool IsHeld => true;

    private protected override void ReadRow(int y, Span<byte> row) => image.Pixels.AsSpan(y * row.Length, row.Length).CopyTo(row);
}
