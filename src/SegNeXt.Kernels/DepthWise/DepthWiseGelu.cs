using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// GELU of a 3×3 depth-wise convolution in multiples of <see cref="KernelSet.GeluUnit"/>, one or two rows at once, one vector of channels along the rows
/// after the other: what is read lies together that way, and comes from the second-level cache in time. With 32 registers the nine weights
/// stay in them while the window slides, so that a number of the source is read once for all the sums that it counts for, and no sum
/// goes through memory on its way to GELU; <see cref="DepthWiseNine"/> is for those with 16.
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

        // Sums that have their left column, and sums that have two.
        TVector x0 = TSimd.Load(r0), x1 = TSimd.Load(r1), x2 = TSimd.Load(r2), x3 = TRows.Count > 1 ? TSimd.Load(r3) : x2;
        TVector a1 = Column<TSimd, TVector>(start, x0, left0, x1, left1, x2, left2);
        TVector b1 = TRows.Count > 1 ? Column<TSimd, TVector>(start, x1, left0, x2, left1, x3, left2) : a1;
        x0 = TSimd.Load(r0 + TSimd.Count);
        x1 = TSimd.Load(r1 + TSimd.Count);
        x2 = TSimd.Load(r2 + TSimd.Count);
        x3 = TRows.Count > 1 ? TSimd.Load(r3 + TSimd.Count) : x2;
        TVector a2 = Column<TSimd, TVector>(a1, x0, middle0, x1, middle1, x2, middle2);
        TVector b2 = TRows.Count > 1 ? Column<TSimd, TVector>(b1, x1, middle0, x2, middle1, x3, middle2) : a2;
        a1 = Column<TSimd, TVector>(start, x0, left0, x1, left1, x2, left2);
        b1 = TRows.Count > 1 ? Column<TSimd, TVector>(start, x1, left0, x2, left1, x3, left2) : a1;
        nint at = 2 * TSimd.Count;
        for (int x = 0; x < pixels; x++)
        {
            x0 = TSimd.Load(r0 + at);
            x1 = TSimd.Load(r1 + at);
            x2 = TSimd.Load(r2 + at);
            TSimd.Store(target, GeluTable.InUnits<TSimd, TVector>(Column<TSimd, TVector>(a2, x0, right0, x1, right1, x2, right2), table));
            a2 = Column<TSimd, TVector>(a1, x0, middle0, x1, middle1, x2, middle2);
            a1 = Column<TSimd, TVector>(start, x0, left0, x1, left1, x2, left2);
            if (TRows.Count > 1)
            {
                x3 = TSimd.Load(r3 + at);
                TSimd.Store(target + rowStride, GeluTable.InUnits<TSimd, TVector>(Column<TSimd, TVector>(b2, x1, right0, x2, right1, x3, right2), table));
                b2 = Column<TSimd, TVector>(b1, x1, middle0, x2, middle1, x3, middle2);
                b1 = Column<TSimd, TVector>(start, x1, left0, x2, left1, x3, left2);
            }

            at += TSimd.Count;
            target += targetStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Column<TSimd, TVector>(TVector sum, TVector x0, TVector w0, TVector x1, TVector w1, TVector x2, TVector w2)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.MultiplyAdd(x2, w2, TSimd.MultiplyAdd(x1, w1, TSimd.MultiplyAdd(x0, w0, sum)));
}
