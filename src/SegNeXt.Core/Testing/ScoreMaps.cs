using System.Numerics;
using System.Runtime.InteropServices;

namespace SegNeXt.Core;

/// <summary>Arithmetic on maps of scores <c>[K, H, W]</c>, row by row on all cores.</summary>
internal static class ScoreMaps
{
    /// <summary>Replaces logits by their softmax over the classes, computed like PyTorch with the maximum subtracted.</summary>
    public static void Softmax(LogitMap map, int threads) =>
        Parallel.For(0, map.Height, LogitResize.Options(threads), y =>
            ClassSoftmax.Apply(map.Values, map.Classes, y * map.Width, map.Width));

    /// <summary>sum += map, mirrored left to right where asked.</summary>
    public static void Add(LogitMap sum, LogitMap map, bool mirrored, int threads) =>
        Parallel.For(0, map.Classes * map.Height, LogitResize.Options(threads), row =>
        {
            Span<float> source = map.Values.AsSpan(row * map.Width, map.Width);
            if (mirrored)
            {
                source.Reverse();
            }

            AddRow(sum.Values.AsSpan(row * map.Width, map.Width), source);
        });

    /// <summary>Adds a window's scores at its place.</summary>
    public static void AddWindow(LogitMap sum, LogitMap window, int x, int y, int threads) =>
        Parallel.For(0, window.Classes * window.Height, LogitResize.Options(threads), row =>
        {
            int target = ((((row / window.Height) * sum.Height) + y + (row % window.Height)) * sum.Width) + x;
            AddRow(sum.Values.AsSpan(target, window.Width), window.Values.AsSpan(row * window.Width, window.Width));
        });

    /// <summary>Divides the scores at every position by a number of that position's row and column.</summary>
    public static void Divide(LogitMap map, int[] rowCounts, int[] columnCounts, int threads) =>
        Parallel.For(0, map.Classes * map.Height, LogitResize.Options(threads), row =>
        {
            Span<float> values = map.Values.AsSpan(row * map.Width, map.Width);
            int rows = rowCounts[row % map.Height];
            for (int x = 0; x < values.Length; x++)
            {
                values[x] /= rows * columnCounts[x];
            }
        });

    /// <summary>Divides all scores by one number.</summary>
    public static void Divide(LogitMap map, int count, int threads) =>
        Parallel.For(0, map.Classes * map.Height, LogitResize.Options(threads), row =>
        {
            foreach (ref float value in map.Values.AsSpan(row * map.Width, map.Width))
            {
                value /= count;
            }
        });

    private static void AddRow(Span<float> sum, ReadOnlySpan<float> values)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(sum);
        ReadOnlySpan<Vector<float>> added = MemoryMarshal.Cast<float, Vector<float>>(values)[..vectors.Length];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] += added[i];
        }

        for (int i = vectors.Length * Vector<float>.Count; i < sum.Length; i++)
        {
            sum[i] += values[i];
        }
    }
}
