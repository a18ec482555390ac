using System.Buffers;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// A cubic resize that smooths when it shrinks, as Pillow's: columns first, rounded to bytes, then rows. Number for number
/// its result, but for rounding (±1).
/// </summary>
internal static class FilteredResize
{
    private const int Channels = 3;

    /// <summary>Resizes a window of a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="window">The window, inside the picture; nothing outside of it is seen.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="target">Gets <c>height × width × 3</c> bytes.</param>
    public static void Window(RgbImage picture, PixelWindow window, int width, int height, Span<byte> target) =>
        Run(picture, window, FilterAxis.Cubic(window.Width, width, 0, width), FilterAxis.Cubic(window.Height, height, 0, height), target);

    /// <summary>A part of what the whole picture becomes at another size.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="width">Columns of the whole result.</param>
    /// <param name="height">Rows of the whole result.</param>
    /// <param name="part">The part of it that is wanted.</param>
    /// <param name="target">Gets <c>part.Height × part.Width × 3</c> bytes.</param>
    public static void Part(RgbImage picture, int width, int height, PixelWindow part, Span<byte> target) =>
        Run(
            picture,
            new PixelWindow(0, 0, picture.Width, picture.Height),
            FilterAxis.Cubic(picture.Width, width, part.X, part.Width),
            FilterAxis.Cubic(picture.Height, height, part.Y, part.Height),
            target);

    private static void Run(RgbImage picture, PixelWindow window, FilterAxis columns, FilterAxis rows, Span<byte> target)
    {
        int stride = columns.First.Length * Channels;
        int top = rows.First[0];
        int bottom = rows.First[^1] + rows.Count[^1];
        byte[] rented = ArrayPool<byte>.Shared.Rent((bottom - top) * stride);
        Span<byte> narrow = rented.AsSpan(0, (bottom - top) * stride);
        for (int y = top; y < bottom; y++)
        {
            int start = (((window.Y + y) * picture.Width) + window.X) * Channels;
            Row(picture.Pixels.AsSpan(start, window.Width * Channels), columns, narrow.Slice((y - top) * stride, stride));
        }

        float[] sums = ArrayPool<float>.Shared.Rent(stride);
        for (int y = 0; y < rows.First.Length; y++)
        {
            Span<float> sum = sums.AsSpan(0, stride);
            sum.Fill(0.5f);
            for (int k = 0; k < rows.Count[y]; k++)
            {
                float weight = rows.Weights[(y * rows.Most) + k];
                ReadOnlySpan<byte> line = narrow.Slice((rows.First[y] + k - top) * stride, stride);
                for (int i = 0; i < sum.Length; i++)
                {
                    sum[i] += weight * line[i];
                }
            }

            Span<byte> result = target.Slice(y * stride, stride);
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = (byte)Math.Clamp((int)sum[i], 0, 255);
            }
        }

        ArrayPool<float>.Shared.Return(sums);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void Row(ReadOnlySpan<byte> pixels, FilterAxis columns, Span<byte> result)
    {
        for (int x = 0; x < columns.First.Length; x++)
        {
            ReadOnlySpan<float> weights = columns.Weights.AsSpan(x * columns.Most, columns.Count[x]);
            ReadOnlySpan<byte> from = pixels.Slice(columns.First[x] * Channels, weights.Length * Channels);
            float r = 0.5f, g = 0.5f, b = 0.5f;
            for (int k = 0, p = 0; k < weights.Length; k++, p += Channels)
            {
                r += weights[k] * from[p];
                g += weights[k] * from[p + 1];
                b += weights[k] * from[p + 2];
            }

            result[Channels * x] = (byte)Math.Clamp((int)r, 0, 255);
            result[(Channels * x) + 1] = (byte)Math.Clamp((int)g, 0, 255);
            result[(Channels * x) + 2] = (byte)Math.Clamp((int)b, 0, 255);
        }
    }
}
