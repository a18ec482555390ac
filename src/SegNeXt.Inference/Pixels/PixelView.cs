namespace SegNeXt.Inference;

/// <summary>A picture where it lies: somebody's pixels, neither owned nor copied.</summary>
public readonly ref struct PixelView
{
    /// <summary>Looks at pixels.</summary>
    /// <param name="pixels">Rows from top to bottom, from the first byte of the first row on.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="format">The order of a pixel's bytes.</param>
    /// <param name="stride">Bytes from one row to the next; 0 where rows follow each other without a gap.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, or the stride shorter than a row.</exception>
    /// <exception cref="ArgumentException">There are fewer bytes than the sizes say.</exception>
    public PixelView(ReadOnlySpan<byte> pixels, int width, int height, PixelFormat format = PixelFormat.Rgb, int stride = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)format, (uint)PixelFormat.Bgra, nameof(format));
        long row = (long)width * BytesOf(format);
        if (stride != 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(stride, row);
        }

        long step = stride == 0 ? row : stride;
        long needed = ((height - 1) * step) + row;
        if (pixels.Length < needed)
        {
            throw new ArgumentException($"{width}×{height} pixels of {BytesOf(format)} bytes, {step} bytes a row, need {needed} bytes; there are {pixels.Length}.", nameof(pixels));
        }

        Pixels = pixels;
        (Width, Height, Format, Stride) = (width, height, format, (int)step);
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Pixels { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The order of a pixel's bytes.</summary>
    public PixelFormat Format { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride { get; }

    internal int BytesPerPixel => BytesOf(Format);

    private static int BytesOf(PixelFormat format) => format is PixelFormat.Rgb or PixelFormat.Bgr ? 3 : 4;
}
