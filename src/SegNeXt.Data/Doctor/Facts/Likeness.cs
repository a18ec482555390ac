using System.Numerics;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// A picture's looks in 128 bits: whether the mean brightness rises from each cell of a coarse grid to the next, to the
/// right and downwards. Little of it changes with compression, size or light, or from one frame of a film to the next.
/// </summary>
internal static class Likeness
{
    /// <summary>Cells a side; one more than comparisons a side.</summary>
    private const int Grid = 9;

    /// <summary>Spread of the cells' brightness, of 255, below which a picture shows nothing to compare.</summary>
    private const double Plain = 6;

    /// <summary>Pictures that differ in at most so many bits look alike; by chance the number is near 64.</summary>
    public const int Near = 10;

    /// <summary>The bits, or null for a picture that is too small or too plain.</summary>
    public static UInt128? Of(RgbImage image)
    {
        if (image.Width < Grid || image.Height < Grid)
        {
            return null;
        }

        double[] cells = Means(image);
        double mean = cells.Average();
        if (Math.Sqrt(cells.Average(cell => (cell - mean) * (cell - mean))) < Plain)
        {
            return null;
        }

        UInt128 bits = 0;
        for (int y = 0; y < Grid - 1; y++)
        {
            for (int x = 0; x < Grid - 1; x++)
            {
                double cell = cells[(y * Grid) + x];
                bits = (bits << 2) | (cells[(y * Grid) + x + 1] > cell ? 1u : 0u) | (cells[((y + 1) * Grid) + x] > cell ? 2u : 0u);
            }
        }

        return bits;
    }

    /// <summary>In how many bits two pictures differ.</summary>
    public static int Distance(UInt128 a, UInt128 b)
    {
        UInt128 difference = a ^ b;
        return BitOperations.PopCount((ulong)difference) + BitOperations.PopCount((ulong)(difference >> 64));
    }

    private static double[] Means(RgbImage image)
    {
        double[] means = new double[Grid * Grid];
        for (int row = 0; row < Grid; row++)
        {
            int top = row * image.Height / Grid;
            int bottom = (row + 1) * image.Height / Grid;
            for (int column = 0; column < Grid; column++)
            {
                int left = column * image.Width / Grid;
                int right = (column + 1) * image.Width / Grid;
                long sum = 0;
                for (int y = top; y < bottom; y++)
                {
                    ReadOnlySpan<byte> pixels = image.Pixels.AsSpan(((y * image.Width) + left) * 3, (right - left) * 3);
                    for (int p = 1; p < pixels.Length; p += 3)
                    {
                        // Green alone is near enough to brightness.
                        sum += pixels[p];
                    }
                }

                means[(row * Grid) + column] = (double)sum / ((bottom - top) * (right - left));
            }
        }

        return means;
    }
}
