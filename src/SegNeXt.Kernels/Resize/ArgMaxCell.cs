using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// The class with the highest score at each pixel of a cell, the lowest id where scores are equal, without computing most
/// of the scores: between four pixels a bilinear score stays between the least and the greatest of the four, so that a
/// class whose greatest lies under another's least wins nowhere. Mostly one class is left, and the cell is its.
/// </summary>
/// <remarks>Cost: 4 comparisons a class, and for each class that is left 3 operations a pixel.</remarks>
internal static unsafe class ArgMaxCell
{
    // Interpolation rounds: what lies this close under the bound, relative to the largest score, might win.
    private const float Slack = 1e-6f;

    /// <summary>Floats that <c>scratch</c> must have room for.</summary>
    public static int ScratchSize(int classes) => classes * (2 + (2 * ScoreCell.ReadAhead));

    /// <summary>Writes the ids.</summary>
    /// <param name="cell">The scores and shares.</param>
    /// <param name="classes">Number of classes, at most 256.</param>
    /// <param name="target">The first pixel's id.</param>
    /// <param name="targetStride">Bytes from one row of ids to the next.</param>
    /// <param name="scratch">Room.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector>(in ScoreCell cell, int classes, byte* target, nint targetStride, float* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* greatest = scratch;
        int* candidates = (int*)(scratch + classes);
        float bound = Bound<TSimd, TVector>(cell, classes, greatest);
        int count = 0;
        for (int k = 0; k < classes; k++)
        {
            candidates[count] = k;
            count += greatest[k] >= bound ? 1 : 0;
        }

        if (count <= 1)
        {
            // None is left where scores are not numbers.
            byte id = count == 1 ? (byte)candidates[0] : (byte)0;
            for (int y = 0; y < cell.Height; y++)
            {
                new Span<byte>(target + (y * targetStride), cell.Width).Fill(id);
            }

            return;
        }

        float* sides = scratch + (2 * classes);
        for (int x = 0; x < cell.Width; x += TSimd.Count)
        {
            Sides<TSimd, TVector>(cell, x, candidates, count, sides);
            int width = Math.Min(TSimd.Count, cell.Width - x);
            for (int y = 0; y < cell.Height; y++)
            {
                Compete<TSimd, TVector>(cell.LowerShare[y], candidates, count, sides, target + (y * targetStride) + x, width);
            }
        }
    }

    /// <summary>The greatest of the four scores of each class, and what a class must reach to win anywhere.</summary>
    private static float Bound<TSimd, TVector>(in ScoreCell cell, int classes, float* greatest)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* a = cell.TopLeft, b = cell.TopRight, c = cell.BottomLeft, d = cell.BottomRight;
        float bound = float.NegativeInfinity, largest = 0;
        int k = 0;
        if (classes >= TSimd.Count)
        {
            TVector bounds = TSimd.Broadcast(float.NegativeInfinity), largests = TSimd.Zero;
            for (; k + TSimd.Count <= classes; k += TSimd.Count)
            {
                TVector va = TSimd.Load(a + k), vb = TSimd.Load(b + k), vc = TSimd.Load(c + k), vd = TSimd.Load(d + k);
                TVector most = TSimd.Max(TSimd.Max(va, vb), TSimd.Max(vc, vd));
                TVector least = TSimd.Min(TSimd.Min(va, vb), TSimd.Min(vc, vd));
                TSimd.Store(greatest + k, most);
                bounds = TSimd.Max(bounds, least);
                largests = TSimd.Max(largests, TSimd.Max(TSimd.Abs(most), TSimd.Abs(least)));
            }

            float* places = stackalloc float[2 * TSimd.Count];
            TSimd.Store(places, bounds);
            TSimd.Store(places + TSimd.Count, largests);
            for (int i = 0; i < TSimd.Count; i++)
            {
                bound = MathF.Max(bound, places[i]);
                largest = MathF.Max(largest, places[TSimd.Count + i]);
            }
        }

        for (; k < classes; k++)
        {
            float most = MathF.Max(MathF.Max(a[k], b[k]), MathF.Max(c[k], d[k]));
            float least = MathF.Min(MathF.Min(a[k], b[k]), MathF.Min(c[k], d[k]));
            greatest[k] = most;
            bound = MathF.Max(bound, least);
            largest = MathF.Max(largest, MathF.Max(MathF.Abs(most), MathF.Abs(least)));
        }

        return bound - (Slack * largest);
    }

    /// <summary>The candidates' scores on the cell's upper and lower side at a vector of columns.</summary>
    private static void Sides<TSimd, TVector>(in ScoreCell cell, int x, int* candidates, int count, float* sides)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector right = TSimd.Load(cell.RightShare + x);
        TVector left = TSimd.Subtract(TSimd.Broadcast(1), right);
        for (int i = 0; i < count; i++)
        {
            int k = candidates[i];
            TVector upper = Mixed<TSimd, TVector>(TSimd.Broadcast(cell.TopLeft[k]), left, TSimd.Broadcast(cell.TopRight[k]), right);
            TVector lower = Mixed<TSimd, TVector>(TSimd.Broadcast(cell.BottomLeft[k]), left, TSimd.Broadcast(cell.BottomRight[k]), right);
            TSimd.Store(sides, upper);
            TSimd.Store(sides + TSimd.Count, lower);
            sides += 2 * TSimd.Count;
        }
    }

    /// <summary>One row of a vector of columns.</summary>
    private static void Compete<TSimd, TVector>(float lowerShare, int* candidates, int count, float* sides, byte* target, int width)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector lower = TSimd.Broadcast(lowerShare), upper = TSimd.Broadcast(1 - lowerShare);
        TVector best = Mixed<TSimd, TVector>(TSimd.Load(sides), upper, TSimd.Load(sides + TSimd.Count), lower);
        TVector ids = TSimd.Broadcast(candidates[0]);
        for (int i = 1; i < count; i++)
        {
            sides += 2 * TSimd.Count;
            TVector score = Mixed<TSimd, TVector>(TSimd.Load(sides), upper, TSimd.Load(sides + TSimd.Count), lower);
            ids = TSimd.SelectGreater(score, best, TSimd.Broadcast(candidates[i]), ids);
            best = TSimd.SelectGreater(score, best, score, best);
        }

        float* places = stackalloc float[TSimd.Count];
        TSimd.Store(places, ids);
        for (int i = 0; i < width; i++)
        {
            target[i] = (byte)places[i];
        }
    }

    // Two products and a sum, each rounded, as the resize of Core has it: the same ids bit for bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Mixed<TSimd, TVector>(TVector a, TVector shareOfA, TVector b, TVector shareOfB)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.Add(TSimd.Multiply(a, shareOfA), TSimd.Multiply(b, shareOfB));
}
