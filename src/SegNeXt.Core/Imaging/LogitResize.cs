using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SegNeXt.Core;

/// <summary>
/// Bilinear resize of scores as the released code resizes logits: PyTorch's <c>interpolate</c> with
/// <c>align_corners=False</c>, pixel centres at i + ½, no smoothing when shrinking.
/// </summary>
public static class LogitResize
{
    // Rows of one unit of work: enough to reuse the resampled source rows, few enough to share out evenly.
    private const int Band = 32;

    /// <summary>Resizes a map of scores.</summary>
    /// <param name="map">Scores <c>[K, H, W]</c>.</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <param name="width">Columns of the result, at least 1.</param>
    /// <param name="threads">Most threads to use; 0 for one per core.</param>
    /// <returns>Scores <c>[K, height, width]</c>; <paramref name="map"/> itself where the size does not change.</returns>
    /// <exception cref="InputException">The result has more numbers than an array can hold.</exception>
    public static LogitMap Bilinear(LogitMap map, int height, int width, int threads = 0)
    {
        Check(map, height, width);
        if (map.Height == height && map.Width == width)
        {
            return map;
        }

        LogitMap result = new(map.Classes, height, width, Allocate(map.Classes, height, width));
        LinearAxis rows = LinearAxis.Create(map.Height, height);
        LinearAxis columns = LinearAxis.Create(map.Width, width);
        int bands = (height + Band - 1) / Band;
        Parallel.For(0, map.Classes * bands, Options(threads), item =>
        {
            int start = item % bands * Band;
            ResizeBand(map, result, item / bands, start, Math.Min(start + Band, height), rows, columns);
        });
        return result;
    }

    /// <summary>
    /// The class with the highest score at each pixel after resizing; the lowest id where scores are equal. The
    /// resized scores are never stored, so that the cost in memory does not depend on the result's size times K.
    /// </summary>
    /// <param name="map">Scores <c>[K, H, W]</c>, K at most 256.</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <param name="width">Columns of the result, at least 1.</param>
    /// <param name="threads">Most threads to use; 0 for one per core.</param>
    /// <returns>Class ids <c>[height, width]</c>.</returns>
    public static LabelMap ArgMax(LogitMap map, int height, int width, int threads = 0)
    {
        Check(map, height, width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(map.Classes, 256);
        LabelMap result = new(width, height);
        LinearAxis rows = LinearAxis.Create(map.Height, height);
        LinearAxis columns = LinearAxis.Create(map.Width, width);
        int bands = (height + Band - 1) / Band;
        Parallel.For(0, bands, Options(threads), band =>
            ArgMaxBand(map, result, band * Band, Math.Min((band + 1) * Band, height), rows, columns));
        return result;
    }

    internal static ParallelOptions Options(int threads) => new() { MaxDegreeOfParallelism = threads > 0 ? threads : -1 };

    /// <summary>Room for <c>[K, H, W]</c> numbers, not cleared.</summary>
    internal static float[] Allocate(int classes, int height, int width)
    {
        long count = checked((long)classes * height * width);
        return count <= Array.MaxLength
            ? GC.AllocateUninitializedArray<float>((int)count)
            : throw new InputException($"The scores of {classes} classes for {width}×{height} pixels are too many for one array; use a smaller picture.");
    }

    private static void Check(LogitMap map, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
    }

    private static void ResizeBand(LogitMap map, LogitMap result, int k, int start, int end, LinearAxis rows, LinearAxis columns)
    {
        float[] buffer = ArrayPool<float>.Shared.Rent(2 * result.Width);
        SourceRows held = new(map, k, 1, columns, buffer, result.Width);
        for (int y = start; y < end; y++)
        {
            ReadOnlySpan<float> a = held.Get(rows.First[y], rows.First[y]);
            ReadOnlySpan<float> b = held.Get(rows.Second[y], rows.First[y]);
            Span<float> target = result.Values.AsSpan(((k * result.Height) + y) * result.Width, result.Width);
            Mix(a, b, rows.Fraction[y], target);
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    private static void ArgMaxBand(LogitMap map, LabelMap result, int start, int end, LinearAxis rows, LinearAxis columns)
    {
        int width = result.Width;
        float[] buffer = ArrayPool<float>.Shared.Rent(2 * map.Classes * width);
        float[] best = ArrayPool<float>.Shared.Rent(width);
        int[] ids = ArrayPool<int>.Shared.Rent(width);
        SourceRows held = new(map, 0, map.Classes, columns, buffer, width);
        for (int y = start; y < end; y++)
        {
            ReadOnlySpan<float> a = held.Get(rows.First[y], rows.First[y]);
            ReadOnlySpan<float> b = held.Get(rows.Second[y], rows.First[y]);
            Mix(a[..width], b[..width], rows.Fraction[y], best.AsSpan(0, width));
            ids.AsSpan(0, width).Clear();
            for (int k = 1; k < map.Classes; k++)
            {
                Compete(a.Slice(k * width, width), b.Slice(k * width, width), rows.Fraction[y], k, best.AsSpan(0, width), ids.AsSpan(0, width));
            }

            Span<byte> target = result.Ids.AsSpan(y * width, width);
            for (int x = 0; x < target.Length; x++)
            {
                target[x] = (byte)ids[x];
            }
        }

        ArrayPool<float>.Shared.Return(buffer);
        ArrayPool<float>.Shared.Return(best);
        ArrayPool<int>.Shared.Return(ids);
    }

    /// <summary>target = (1 − f) a + f b, each operation rounded: a row between two.</summary>
    /// <param name="a">Numbers.</param>
    /// <param name="b">At least as many.</param>
    /// <param name="f">The share of <paramref name="b"/>.</param>
    /// <param name="target">As many as <paramref name="a"/>.</param>
    public static void Mix(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float f, Span<float> target)
    {
        float rest = 1f - f;
        ReadOnlySpan<Vector<float>> va = MemoryMarshal.Cast<float, Vector<float>>(a);
        ReadOnlySpan<Vector<float>> vb = MemoryMarshal.Cast<float, Vector<float>>(b)[..va.Length];
        Span<Vector<float>> vt = MemoryMarshal.Cast<float, Vector<float>>(target)[..va.Length];
        for (int i = 0; i < va.Length; i++)
        {
            vt[i] = (va[i] * rest) + (vb[i] * f);
        }

        for (int i = va.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] = (a[i] * rest) + (b[i] * f);
        }
    }

    /// <summary>Where (1 − f) a + f b exceeds the best so far, it becomes the best, and k the id.</summary>
    private static void Compete(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float f, int k, Span<float> best, Span<int> ids)
    {
        float rest = 1f - f;
        ReadOnlySpan<Vector<float>> va = MemoryMarshal.Cast<float, Vector<float>>(a);
        ReadOnlySpan<Vector<float>> vb = MemoryMarshal.Cast<float, Vector<float>>(b)[..va.Length];
        Span<Vector<float>> vbest = MemoryMarshal.Cast<float, Vector<float>>(best)[..va.Length];
        Span<Vector<int>> vids = MemoryMarshal.Cast<int, Vector<int>>(ids)[..va.Length];
        Vector<int> id = new(k);
        for (int i = 0; i < va.Length; i++)
        {
            Vector<float> score = (va[i] * rest) + (vb[i] * f);
            Vector<int> wins = Vector.GreaterThan(score, vbest[i]);
            vbest[i] = Vector.ConditionalSelect(wins, score, vbest[i]);
            vids[i] = Vector.ConditionalSelect(wins, id, vids[i]);
        }

        for (int i = va.Length * Vector<float>.Count; i < best.Length; i++)
        {
            float score = (a[i] * rest) + (b[i] * f);
            if (score > best[i])
            {
                best[i] = score;
                ids[i] = k;
            }
        }
    }

    /// <summary>The last two source rows, resampled along the width, of one class or of all.</summary>
    private ref struct SourceRows(LogitMap map, int firstClass, int classes, LinearAxis columns, Span<float> buffer, int width)
    {
        private readonly Span<float> _buffer = buffer;
        private int _row0 = -1;
        private int _row1 = -1;

        /// <summary>Row <paramref name="row"/>, <c>[classes, width]</c>; <paramref name="keep"/> is not overwritten for it.</summary>
        public ReadOnlySpan<float> Get(int row, int keep)
        {
            int length = classes * width;
            if (_row0 == row)
            {
                return _buffer[..length];
            }

            if (_row1 == row)
            {
                return _buffer.Slice(length, length);
            }

            bool second = _row0 == keep;
            Span<float> target = _buffer.Slice(second ? length : 0, length);
            (_row0, _row1) = second ? (_row0, row) : (row, _row1);
            for (int k = 0; k < classes; k++)
            {
                ReadOnlySpan<float> source = map.Values.AsSpan((((firstClass + k) * map.Height) + row) * map.Width, map.Width);
                columns.Apply(source, target.Slice(k * width, width));
            }

            return target;
        }
    }
}
