namespace SegNeXt.Core;

/// <summary>
/// Resizing of pictures and label maps, number for number as OpenCV's <c>resize</c> does it, which the released code
/// trains and tests with (<c>mmcv.imresize</c>).
/// </summary>
public static partial class ImageResize
{
    /// <summary>
    /// Bilinear, OpenCV's <c>INTER_LINEAR</c> on 8 bits: pixel centres at i + ½, no smoothing when shrinking,
    /// borders repeated, weights of 11 bits in fixed point.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">Columns of the result, at least 1.</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <returns>A new picture; a copy where the size does not change.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public static RgbImage Bilinear(RgbImage image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (width == image.Width && height == image.Height)
        {
            return new RgbImage(width, height, image.Pixels.AsSpan().ToArray());
        }

        RgbImage result = new(width, height);
        BilinearRgb.Resize(image, ResizeAxis.Columns(image.Width, width, 0, width), ResizeAxis.Rows(image.Height, height, 0, height), result.Pixels);
        return result;
    }

    /// <summary>Bilinear on float32 values, OpenCV's <c>INTER_LINEAR</c> on <c>CV_32F</c>: as <see cref="Bilinear"/>, without fixed point or rounding.</summary>
    /// <param name="values">The map, <c>[H, W, C]</c>.</param>
    /// <param name="width">Columns W of the map.</param>
    /// <param name="height">Rows H of the map.</param>
    /// <param name="channels">Numbers C at each position.</param>
    /// <param name="newWidth">Columns of the result, at least 1.</param>
    /// <param name="newHeight">Rows of the result, at least 1.</param>
    /// <returns>A new map, <c>[newHeight, newWidth, C]</c>.</returns>
    /// <exception cref="ArgumentException">The length of <paramref name="values"/> is not H × W × C.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public static float[] BilinearFloat(ReadOnlySpan<float> values, int width, int height, int channels, int newWidth, int newHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(newWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(newHeight, 1);
        if (values.Length != (long)width * height * channels)
        {
            throw new ArgumentException($"{height}×{width}×{channels} numbers are needed, there are {values.Length}.", nameof(values));
        }

        float[] result = new float[checked(newWidth * newHeight * channels)];
        BilinearFloats.Resize(values, width, height, channels, result, newWidth, newHeight);
        return result;
    }

    /// <summary>Nearest neighbour for class ids, OpenCV's <c>INTER_NEAREST</c>: source index <c>⌊i · in / out⌋</c>.</summary>
    /// <param name="labels">The map.</param>
    /// <param name="width">Columns of the result, at least 1.</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <returns>A new map; every id in it occurs in <paramref name="labels"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public static LabelMap Nearest(LabelMap labels, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        int[] columns = NearestIndex(labels.Width, width);
        int[] rows = NearestIndex(labels.Height, height);
        LabelMap result = new(width, height);
        for (int y = 0; y < height; y++)
        {
            Span<byte> target = result.Ids.AsSpan(y * width, width);
            if (y > 0 && rows[y] == rows[y - 1])
            {
                result.Ids.AsSpan((y - 1) * width, width).CopyTo(target);
                continue;
            }

            ReadOnlySpan<byte> source = labels.Ids.AsSpan(rows[y] * labels.Width, labels.Width);
            for (int x = 0; x < target.Length; x++)
            {
                target[x] = source[columns[x]];
            }
        }

        return result;
    }
}
