using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SegNeXt.Core;

/// <summary>
/// Class ids from the scores of overlapping windows: each window's scores resized to the window's size, their mean at each
/// pixel, the class with the highest. The same operations in the same order as <see cref="TestTimeSegmenter"/>'s, but piece
/// by piece, so that scores of the picture's size are never stored.
/// </summary>
/// <param name="classes">Number of classes K, at most 256.</param>
/// <param name="rows">From a window's rows to rows of scores.</param>
/// <param name="columns">From a window's columns to columns of scores.</param>
/// <param name="columnCounts">How many windows of a row of windows cover each column of the picture.</param>
/// <param name="threads">Most threads to use; 0 for one per core.</param>
internal sealed class WindowBlend(int classes, LinearAxis rows, LinearAxis columns, float[] columnCounts, int threads)
{
    // A piece's sums, best scores and ids lie in a core's own cache.
    private const int PieceRows = 32;
    private const int PieceColumns = 512;

    /// <summary>Finds the ids of some rows.</summary>
    /// <param name="windows">The windows that reach into the rows, in the order of <see cref="SlideWindows.Place"/>; others do no harm.</param>
    /// <param name="start">First row.</param>
    /// <param name="end">Behind the last row.</param>
    /// <param name="ids">Gets <c>[end − start, W]</c>.</param>
    public void Ids(IReadOnlyList<HeldWindow> windows, int start, int end, byte[] ids)
    {
        int width = columnCounts.Length;
        int across = (width + PieceColumns - 1) / PieceColumns;
        int down = (end - start + PieceRows - 1) / PieceRows;
        Parallel.For(0, across * down, LogitResize.Options(threads), item =>
        {
            int x = item % across * PieceColumns;
            int y = start + (item / across * PieceRows);
            Piece piece = new(x, y, Math.Min(PieceColumns, width - x), Math.Min(PieceRows, end - y));
            IdsOf(piece, windows, ids.AsSpan(((y - start) * width) + x), width);
        });
    }

    private void IdsOf(Piece piece, IReadOnlyList<HeldWindow> all, Span<byte> ids, int stride)
    {
        HeldWindow[] windows = [.. all.Where(held => piece.Touches(held.Window))];
        int[] rowCounts = RowCounts(piece, windows);
        int count = piece.Width * piece.Height;
        float[] sums = ArrayPool<float>.Shared.Rent(count);
        float[] best = ArrayPool<float>.Shared.Rent(count);
        int[] winners = ArrayPool<int>.Shared.Rent(count);
        float[] lines = ArrayPool<float>.Shared.Rent(2 * piece.Width);
        for (int k = 0; k < classes; k++)
        {
            sums.AsSpan(0, count).Clear();
            foreach (HeldWindow held in windows)
            {
                Add(held, k, piece, sums, lines);
            }

            Divide(piece, rowCounts, sums);
            if (k == 0)
            {
                sums.AsSpan(0, count).CopyTo(best);
                winners.AsSpan(0, count).Clear();
            }
            else
            {
                Compete(sums.AsSpan(0, count), k, best.AsSpan(0, count), winners.AsSpan(0, count));
            }
        }

        for (int y = 0; y < piece.Height; y++)
        {
            ReadOnlySpan<int> source = winners.AsSpan(y * piece.Width, piece.Width);
            Span<byte> target = ids.Slice(y * stride, piece.Width);
            for (int x = 0; x < target.Length; x++)
            {
                target[x] = (byte)source[x];
            }
        }

        ArrayPool<float>.Shared.Return(sums);
        ArrayPool<float>.Shared.Return(best);
        ArrayPool<int>.Shared.Return(winners);
        ArrayPool<float>.Shared.Return(lines);
    }

    /// <summary>How many rows of windows cover each row of a piece.</summary>
    private static int[] RowCounts(Piece piece, HeldWindow[] windows)
    {
        int[] counts = new int[piece.Height];
        foreach ((int top, int height) in windows.Select(held => (held.Window.Y, held.Window.Height)).Distinct())
        {
            for (int y = Math.Max(top, piece.Y); y < Math.Min(top + height, piece.Y + piece.Height); y++)
            {
                counts[y - piece.Y]++;
            }
        }

        return counts;
    }

    /// <summary>Adds what a window says of a class.</summary>
    private void Add(HeldWindow held, int k, Piece piece, float[] sums, float[] lines)
    {
        SlideWindow window = held.Window;
        int left = Math.Max(window.X, piece.X), right = Math.Min(window.X + window.Width, piece.X + piece.Width);
        int top = Math.Max(window.Y, piece.Y), bottom = Math.Min(window.Y + window.Height, piece.Y + piece.Height);
        Span<float> a = lines.AsSpan(0, right - left);
        Span<float> b = lines.AsSpan(right - left, right - left);
        (int rowA, int rowB) = (-1, -1);
        for (int y = top; y < bottom; y++)
        {
            int first = rows.First[y - window.Y], second = rows.Second[y - window.Y];
            if (first == rowB)
            {
                // What lay below now lies above.
                Span<float> other = a;
                a = b;
                b = other;
                (rowA, rowB) = (rowB, rowA);
            }

            if (first != rowA)
            {
                Widen(held.Row(k, first), left - window.X, a);
                rowA = first;
            }

            if (second == first)
            {
                AddMixed(a, a, rows.Fraction[y - window.Y], Line(y));
                continue;
            }

            if (second != rowB)
            {
                Widen(held.Row(k, second), left - window.X, b);
                rowB = second;
            }

            AddMixed(a, b, rows.Fraction[y - window.Y], Line(y));
        }

        Span<float> Line(int y) => sums.AsSpan(((y - piece.Y) * piece.Width) + left - piece.X, right - left);
    }

    /// <summary>A row of scores, resized along the width, from a column of the window on.</summary>
    private void Widen(ReadOnlySpan<float> source, int from, Span<float> target)
    {
        ReadOnlySpan<int> first = columns.First.AsSpan(from, target.Length);
        ReadOnlySpan<int> second = columns.Second.AsSpan(from, target.Length);
        ReadOnlySpan<float> fraction = columns.Fraction.AsSpan(from, target.Length);
        for (int x = 0; x < target.Length; x++)
        {
            float f = fraction[x];
            target[x] = ((1f - f) * source[first[x]]) + (f * source[second[x]]);
        }
    }

    /// <summary>sum += (1 − f) a + f b, each operation rounded.</summary>
    private static void AddMixed(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float f, Span<float> sum)
    {
        float rest = 1f - f;
        ReadOnlySpan<Vector<float>> va = MemoryMarshal.Cast<float, Vector<float>>(a);
        ReadOnlySpan<Vector<float>> vb = MemoryMarshal.Cast<float, Vector<float>>(b)[..va.Length];
        Span<Vector<float>> vs = MemoryMarshal.Cast<float, Vector<float>>(sum)[..va.Length];
        for (int i = 0; i < va.Length; i++)
        {
            vs[i] += (va[i] * rest) + (vb[i] * f);
        }

        for (int i = va.Length * Vector<float>.Count; i < sum.Length; i++)
        {
            sum[i] += (a[i] * rest) + (b[i] * f);
        }
    }

    private void Divide(Piece piece, int[] rowCounts, float[] sums)
    {
        ReadOnlySpan<float> counts = columnCounts.AsSpan(piece.X, piece.Width);
        bool single = !counts.ContainsAnyExcept(1f);
        for (int y = 0; y < piece.Height; y++)
        {
            if (single && rowCounts[y] == 1)
            {
                continue;
            }

            Span<float> line = sums.AsSpan(y * piece.Width, piece.Width);
            float times = rowCounts[y];
            Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(line);
            ReadOnlySpan<Vector<float>> by = MemoryMarshal.Cast<float, Vector<float>>(counts)[..vectors.Length];
            for (int i = 0; i < vectors.Length; i++)
            {
                // The product of two small whole numbers is exact.
                vectors[i] /= by[i] * times;
            }

            for (int i = vectors.Length * Vector<float>.Count; i < line.Length; i++)
            {
                line[i] /= counts[i] * times;
            }
        }
    }

    /// <summary>Where a score exceeds the best so far, it becomes the best, and k the id.</summary>
    private static void Compete(ReadOnlySpan<float> scores, int k, Span<float> best, Span<int> ids)
    {
        ReadOnlySpan<Vector<float>> vscores = MemoryMarshal.Cast<float, Vector<float>>(scores);
        Span<Vector<float>> vbest = MemoryMarshal.Cast<float, Vector<float>>(best)[..vscores.Length];
        Span<Vector<int>> vids = MemoryMarshal.Cast<int, Vector<int>>(ids)[..vscores.Length];
        Vector<int> id = new(k);
        for (int i = 0; i < vscores.Length; i++)
        {
            Vector<int> wins = Vector.GreaterThan(vscores[i], vbest[i]);
            vbest[i] = Vector.ConditionalSelect(wins, vscores[i], vbest[i]);
            vids[i] = Vector.ConditionalSelect(wins, id, vids[i]);
        }

        for (int i = vscores.Length * Vector<float>.Count; i < best.Length; i++)
        {
            if (scores[i] > best[i])
            {
                best[i] = scores[i];
                ids[i] = k;
            }
        }
    }

    private readonly record struct Piece(int X, int Y, int Width, int Height)
    {
        public bool Touches(SlideWindow window) =>
            window.X < X + Width && window.X + window.Width > X && window.Y < Y + Height && window.Y + window.Height > Y;
    }
}
