namespace SegNeXt.Core;

/// <content>Parts of a resized picture: training resizes and crops, and most of a large result is never looked at.</content>
public static partial class ImageResize
{
    /// <summary>A part of what <see cref="Bilinear"/> gives, the same pixels, without computing the rest.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">Columns of the whole result, at least 1.</param>
    /// <param name="height">Rows of the whole result, at least 1.</param>
    /// <param name="x">First column of the part.</param>
    /// <param name="y">First row of the part.</param>
    /// <param name="partWidth">Columns of the part, at least 1.</param>
    /// <param name="partHeight">Rows of the part, at least 1.</param>
    /// <param name="target">Gets the part, <c>[partHeight, partWidth, 3]</c>, exactly that many bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1, or a part that leaves the result.</exception>
    /// <exception cref="ArgumentException">The length of <paramref name="target"/> is another.</exception>
    public static void BilinearPart(RgbImage image, int width, int height, int x, int y, int partWidth, int partHeight, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(partWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(partHeight, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partWidth, width - x);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partHeight, height - y);
        if (target.Length != (long)partWidth * partHeight * 3)
        {
            throw new ArgumentException($"{partHeight}×{partWidth}×3 bytes are needed, the span holds {target.Length}.", nameof(target));
        }

        if (width == image.Width && height == image.Height)
        {
            for (int row = 0; row < partHeight; row++)
            {
                image.Pixels.AsSpan((((y + row) * width) + x) * 3, partWidth * 3).CopyTo(target[(row * partWidth * 3)..]);
            }

            return;
        }

        BilinearRgb.Resize(
            image, ResizeAxis.Columns(image.Width, width, x, partWidth), ResizeAxis.Rows(image.Height, height, y, partHeight), target);
    }

    /// <summary>Where each position of an axis comes from in <see cref="Nearest"/>: source index <c>⌊i · in / out⌋</c>.</summary>
    /// <param name="input">Positions of the source, at least 1.</param>
    /// <param name="output">Positions of the result, at least 1.</param>
    /// <returns><paramref name="output"/> indices below <paramref name="input"/>, ascending.</returns>
    public static int[] NearestIndex(int input, int output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(input, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(output, 1);
        int[] index = new int[output];
        // In double precision, as OpenCV: at exact multiples the quotient may round to just below the integer.
        double scale = 1.0 / ((double)output / input);
        for (int i = 0; i < output; i++)
        {
            index[i] = Math.Min((int)Math.Floor(i * scale), input - 1);
        }

        return index;
    }
}
