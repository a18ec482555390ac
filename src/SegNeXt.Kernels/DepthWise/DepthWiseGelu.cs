using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// GELU of a 3×3 depth-wise convolution in multiples of <see cref="GeluTable.Unit"/>, one or two rows at once, for vectors with 32 registers: the nine weights stay in registers while the
/// window slides along the rows, so that a number of the source is read once for all the sums that it counts for, and no sum goes
/// through memory on its way to GELU.
/// </summary>
/// <remarks>A sum takes its taps column by column, from the left and from above; one row at a time gives the same bits as two. Cost a number: 9 multiply-adds, 9 operations for GELU.</remarks>
internal static unsafe class DepthWiseGelu
{
    /// <summary>Computes all pixels of one or two rows.</summary>
    /// <typeparam name="TSimd">The vectors.</typeparam>
    /// <typeparam name="TVector">One of them.</typeparam>
    /// <typeparam name="TRows">1 or 2 rows.</typeparam>
    /// <param name="rows">Of the three or four rows that are read, the pixels to the left of the first.</param>
    /// <param name="weights">Weights and bias.</param>
    /// <param name="pixelStride">Floats from one pixel of a source to the next.</param>
    /// <param name="target">The first row's first pixel.</param>
    /// <param name="targetStride">Floats from one pixel of the result to the next.</param>
    /// <param name="rowStride">Floats from the first row of the result to the second.</param>
    /// <param name="pixels">Pixels in a row.</param>
    public static void Run<TSimd, TVector, TRows>(
        float** rows, DepthWiseTaps weights, nint pixelStride, float* target, nint targetStride, nint rowStride, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
    {
        float* last = TRows.Count > 1 ? rows[3] : rows[2];
        for (int c = 0; c < weights.Channels; c += TSimd.Count)
        {
            Slide<TSimd, TVector, TRows>(
                rows[0] + c, rows[1] + c, rows[2] + c, last + c, pixelStride, weights.WeightData + c, weights.Channels, weights.BiasData + c, target + c, targetStride, rowStride, pixels);
        }
    }

    /// <summary>One vector of channels along the rows: a is the first row's sums, b the second's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slide<TSimd, TVector, TRows>(
        float* r0, float* r1, float* r2, float* r3, nint pixelStride, float* weights, nint weightStride, float* bias, float* target, nint targetStride, nint rowStride, int pixels)
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
        x0 = TSimd.Load(r0 + pixelStride);
        x1 = TSimd.Load(r1 + pixelStride);
        x2 = TSimd.Load(r2 + pixelStride);
        x3 = TRows.Count > 1 ? TSimd.Load(r3 + pixelStride) : x2;
        TVector a2 = Column<TSimd, TVector>(a1, x0, middle0, x1, middle1, x2, middle2);
        TVector b2 = TRows.Count > 1 ? Column<TSimd, TVector>(b1, x1, middle0, x2, middle1, x3, middle2) : a2;
        a1 = Column<TSimd, TVector>(start, x0, left0, x1, left1, x2, left2);
        b1 = TRows.Count > 1 ? Column<TSimd, TVector>(start, x1, left0, x2, left1, x3, left2) : a1;
        nint at = 2 * pixelStride;
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

            at += pixelStride;
            target += targetStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Column<TSimd, TVector>(TVector sum, TVector x0, TVector w0, TVector x1, TVector w1, TVector x2, TVector w2)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.MultiplyAdd(x2, w2, TSimd.MultiplyAdd(x1, w1, TSimd.MultiplyAdd(x0, w0, sum)));
}
