using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// GELU of a 3×3 depth-wise convolution in multiples of <see cref="KernelSet.GeluUnit"/>, one or two rows at once, one vector of channels along the rows
/// after the other: what is read lies together that way, and comes from the second-level cache in time. With 32 registers the nine weights
/// stay in them while the window slides, so that a number of the source is read once for all the sums that it counts for, and no sum
/// goes through memory on its way to GELU; <see cref="DepthWiseNine"/> is for those with 16. GELU is always that of the pixel before, whose sums are done: with those that are
/// still being added to it goes on side by side.
/// </summary>
/// <remarks>One row at a time gives the same bits as two. Cost a number: 9 multiply-adds, and 9 operations for GELU from a table, 20 without.</remarks>
internal static unsafe class DepthWiseGelu
{
    /// <summary>Computes all pixels of one or two rows.</summary>
    /// <typeparam name="TSimd">The vectors.</typeparam>
    /// <typeparam name="TVector">One of them.</typeparam>
    /// <typeparam name="TRows">1 or 2 rows.</typeparam>
    /// <param name="rows">Of the three or four rows that are read, the pixels to the left of the first.</param>
    /// <param name="vectorStride">Floats from one vector of a source's channels to the next.</param>
    /// <param name="weights">Weights and bias.</param>
    /// <param name="target">The first row's first pixel; pixels and rows lie one after the other, a pixel's channels together.</param>
    /// <param name="pixels">Pixels in a row.</param>
    public static void Run<TSimd, TVector, TRows>(float** rows, nint vectorStride, DepthWiseTaps weights, float* target, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
    {
        if (!TSimd.HasTables)
        {
            DepthWiseNine.Run<TSimd, TVector, TRows>(rows, vectorStride, weights, target, pixels);
            return;
        }

        int channels = weights.Channels;
        nint at = 0;
        float* r0 = rows[0], r1 = rows[1], r2 = rows[2], r3 = TRows.Count > 1 ? rows[3] : rows[2];
        for (int c = 0; c < channels; c += TSimd.Count, at += vectorStride)
        {
            Slide<TSimd, TVector, TRows>(
                r0 + at, r1 + at, r2 + at, r3 + at, weights.WeightData + c, channels, weights.BiasData + c, target + c, channels, (nint)pixels * channels, pixels);
        }
    }

    /// <summary>One vector of channels along the rows: a is the first row's sums, b the second's. A sum takes its taps column by column, from the left and from above.</summary>
    /// <remarks>Not inlined: within its caller, where the JIT with a profile wants it, the same loop has been seen to take four times as long.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Slide<TSimd, TVector, TRows>(
        float* r0, float* r1, float* r2, float* r3, float* weights, nint weightStride, float* bias, float* target, nint targetStride, nint rowStride, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
    {
        // Left, middle and right column of the kernel, from above.
        TVector left0 = TSimd.Load(weights), middle0 = TSimd.Load(weights + weightStride), right0 = TSimd.Load(weights + (2 * weightStride));
        weights += 3 * weightStride;
        TVector left1 = TSimd.Load(weights), middle1 = TSimd.Load(weights + weightStride), right1 = TSimd.Load(weights + (2 * weightStride));
        weights += 3 * weightStride;
        TVector left2 = TSimd.Load(weights), middle2 = TSimd.Load(weights + weightStride), right2 = TSimd.Load(weights + (2 * weightStride));
        TVector start = TSimd.Load(bias);
        float* table = GeluTable.Table;

        // Sums that have their left column (a1, b1), that have two (a2, b2), and that are done and wait for GELU (a3, b3).
        TVector a1 = start, b1 = start, a2 = start, b2 = start, a3 = start, b3 = start;
        for (int x = -2; x < pixels; x++)
        {
            TVector x0 = TSimd.Load(r0), x1 = TSimd.Load(r1), x2 = TSimd.Load(r2), x3 = TRows.Count > 1 ? TSimd.Load(r3) : x2;
            r0 += TSimd.Count;
            r1 += TSimd.Count;
            r2 += TSimd.Count;
            r3 += TSimd.Count;
            TVector done = a3, below = b3;
            a3 = a2;
            b3 = b2;
            a2 = a1;
            b2 = b1;
            a1 = start;
            b1 = start;
            Tap<TSimd, TVector, TRows>(x0, x1, right0, middle0, left0, ref a3, ref b3, ref a2, ref b2, ref a1, ref b1);
            Tap<TSimd, TVector, TRows>(x1, x2, right1, middle1, left1, ref a3, ref b3, ref a2, ref b2, ref a1, ref b1);
            Tap<TSimd, TVector, TRows>(x2, x3, right2, middle2, left2, ref a3, ref b3, ref a2, ref b2, ref a1, ref b1);
            if (x > 0)
            {
                GeluTable.InUnits<TSimd, TVector, TRows>(ref done, ref below, table);
                TSimd.Store(target, done);
                if (TRows.Count > 1)
                {
                    TSimd.Store(target + rowStride, below);
                }

                target += targetStride;
            }
        }

        GeluTable.InUnits<TSimd, TVector, TRows>(ref a3, ref b3, table);
        TSimd.Store(target, a3);
        if (TRows.Count > 1)
        {
            TSimd.Store(target + rowStride, b3);
        }
    }

    /// <summary>
    /// What a row of the kernel adds to the sums of both rows, x being what the first one reads. They take turns: one that waited for its own last
    /// multiply-add would hold up those behind it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tap<TSimd, TVector, TRows>(
        TVector x, TVector next, TVector right, TVector middle, TVector left, ref TVector a3, ref TVector b3, ref TVector a2, ref TVector b2, ref TVector a1, ref TVector b1)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
    {
        a3 = TSimd.MultiplyAdd(x, right, a3);
        a2 = TSimd.MultiplyAdd(x, middle, a2);
        a1 = TSimd.MultiplyAdd(x, left, a1);
        if (TRows.Count > 1)
        {
            b3 = TSimd.MultiplyAdd(next, right, b3);
            b2 = TSimd.MultiplyAdd(next, middle, b2);
            b1 = TSimd.MultiplyAdd(next, left, b1);
        }
    }
}
