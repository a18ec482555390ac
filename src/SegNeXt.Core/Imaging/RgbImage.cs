namespace SegNeXt.Core;

/// <summary>An 8-bit colour picture, H×W×3, rows top to bottom, each pixel R, G, B; no padding between rows.</summary>
public sealed class RgbImage
{
    /// <summary>Wraps pixels that are already in the layout; the array is not copied.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">Exactly <c>height × width × 3</c> bytes.</param>
    /// <exception cref="ArgumentException">The sizes and the array's length disagree.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.LongLength != (long)width * height * 3)
        {
            throw new ArgumentException($"{width}×{height}×3 bytes are needed, the array holds {pixels.LongLength}.", nameof(pixels));
        }

        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Creates a black picture.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    public RgbImage(int width, int height)
        : this(width, height, new byte[checked((long)width * height * 3)])
    {
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The pixels, <c>[H, W, 3]</c>; index <c>(y·W + x)·3 + channel</c>.</summary>
    public byte[] Pixels { get; }
}
