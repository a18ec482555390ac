using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// Sums of k×1 depth-wise convolutions for several rows at once: a tile of four rows by four pixels, whose sums stay in
/// registers. A row of a source is read once for all rows of the result that it counts for, instead of once for each:
/// the sources of long strips are too many to lie in the first-level cache.
/// </summary>
/// <remarks>
/// A tap's weight of the first row is that of the second a row further down: the weights stay in registers too. Five loads for
/// sixteen multiply-adds, four of them from the second-level cache.
/// </remarks>
internal static unsafe class DepthWiseColumns
{
    /// <summary>Rows of the result that are computed together.</summary>
    public const int Rows = 4;

    /// <summary>Computes all pixels of the rows.</summary>
    /// <param name="sources">For each strip of length k its k + 3 rows, the addresses of their first pixels.</param>
    /// <param name="lengths">The strips' lengths; their sum is the weights' number of taps.</param>
    /// <param name="weights">The strips' weights, one after the other, and the bias.</param>
    /// <param name="pixelStride">Floats from one pixel of a source to the next.</param>
    /// <param name="target">The first pixel of the first row.</param>
    /// <param name="targetStride">Floats from one pixel of the result to the next.</param>
    /// <param name="rowStride">Floats from one row of the result to the next.</param>
    /// <param name="pixels">Pixels in a row.</param>
    public static void Run<TSimd, TVector>(
        float** sources, ReadOnlySpan<int> lengths, DepthWiseTaps weights, nint pixelStride, float* target, nint targetStride, nint rowStride, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int x = 0;
        if (TSimd.TileRows == 12)
        {
            for (; x + Size4.Count <= pixels; x += Size4.Count)
            {
                Tile<TSimd, TVector, Size4>(sources, lengths, weights, x * pixelStride, pixelStride, target + (x * targetStride), targetStride, rowStride);
            }
        }

        for (; x + Size2.Count <= pixels; x += Size2.Count)
        {
            Tile<TSimd, TVector, Size2>(sources, lengths, weights, x * pixelStride, pixelStride, target + (x * targetStride), targetStride, rowStride);
        }

        for (; x < pixels; x++)
        {
            Tile<TSimd, TVector, Size1>(sources, lengths, weights, x * pixelStride, pixelStride, target + (x * targetStride), targetStride, rowStride);
        }
    }

    private static void Tile<TSimd, TVector, TPixels>(
        float** sources, ReadOnlySpan<int> lengths, DepthWiseTaps weights, nint offset, nint pixelStride, float* target, nint targetStride, nint rowStride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        fixed (int* first = lengths)
        {
            for (int c = 0; c < weights.Channels; c += TSimd.Count)
            {
                Sum<TSimd, TVector, TPixels>(
                    sources, first, lengths.Length, weights.WeightData + c, weights.Channels, weights.BiasData + c, offset + c, pixelStride, target + c, targetStride, rowStride);
            }
        }
    }

    /// <summary>One vector of channels of a few pixels: a to d are the rows' sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<TSimd, TVector, TPixels>(
        float** sources, int* lengths, int strips, float* weights, nint weightStride, float* bias, nint offset, nint pixelStride, float* target, nint targetStride, nint rowStride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        TVector a0 = TSimd.Load(bias), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        TVector c0 = a0, c1 = a0, c2 = a0, c3 = a0, d0 = a0, d1 = a0, d2 = a0, d3 = a0;
        for (int strip = 0; strip < strips; strip++)
        {
            int length = lengths[strip];
            TVector second = TSimd.Zero, third = second, fourth = second;
            for (int r = 0; r < length + Rows - 1; r++)
            {
                float* x = *sources++ + offset;
                TVector x0 = TSimd.Load(x);
                TVector x1 = TPixels.Count > 1 ? TSimd.Load(x + pixelStride) : TSimd.Zero;
                TVector x2 = TPixels.Count > 2 ? TSimd.Load(x + (2 * pixelStride)) : TSimd.Zero;
                TVector x3 = TPixels.Count > 3 ? TSimd.Load(x + (3 * pixelStride)) : TSimd.Zero;

                // Row r of the sources is tap r of the first row of the result, tap r − 1 of the second, and so on.
                TVector first = TSimd.Zero;
                if (r < length)
                {
                    first = TSimd.Load(weights);
                    weights += weightStride;
                    a0 = TSimd.MultiplyAdd(x0, first, a0);
                    a1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, first, a1) : a1;
                    a2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, first, a2) : a2;
                    a3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, first, a3) : a3;
                }

                if ((uint)(r - 1) < (uint)length)
                {
                    b0 = TSimd.MultiplyAdd(x0, second, b0);
                    b1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, second, b1) : b1;
                    b2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, second, b2) : b2;
                    b3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, second, b3) : b3;
                }

                if ((uint)(r - 2) < (uint)length)
                {
                    c0 = TSimd.MultiplyAdd(x0, third, c0);
                    c1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, third, c1) : c1;
                    c2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, third, c2) : c2;
                    c3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, third, c3) : c3;
                }

                if (r >= 3)
                {
                    d0 = TSimd.MultiplyAdd(x0, fourth, d0);
                    d1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, fourth, d1) : d1;
                    d2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, fourth, d2) : d2;
                    d3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, fourth, d3) : d3;
                }

                fourth = third;
                third = second;
                second = first;
            }
        }

        Store<TSimd, TVector, TPixels>(target, targetStride, a0, a1, a2, a3);
        Store<TSimd, TVector, TPixels>(target + rowStride, targetStride, b0, b1, b2, b3);
        Store<TSimd, TVector, TPixels>(target + (2 * rowStride), targetStride, c0, c1, c2, c3);
        Store<TSimd, TVector, TPixels>(target + (3 * rowStride), targetStride, d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSimd, TVector, TPixels>(float* target, nint targetStride, TVector v0, TVector v1, TVector v2, TVector v3)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        TSimd.Store(target, v0);
        if (TPixels.Count > 1)
        {
            TSimd.Store(target + targetStride, v1);
        }

        if (TPixels.Count > 2)
        {
            TSimd.Store(target + (2 * targetStride), v2);
        }

        if (TPixels.Count > 3)
        {
            TSimd.Store(target + (3 * targetStride), v3);
        }
    }
}
