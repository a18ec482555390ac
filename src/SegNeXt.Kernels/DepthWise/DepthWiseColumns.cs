using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// A k×1 depth-wise convolution for several rows at once: a tile of four rows by four pixels, whose sums stay in registers. A row
/// of the source is read once for all rows of the result that it counts for, instead of once for each.
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
    /// <param name="sources">The k + 3 rows that are read.</param>
    /// <param name="offset">Floats from where they begin to the first pixel.</param>
    /// <param name="weights">The k ≥ 3 weights and the bias.</param>
    /// <param name="pixelStride">Floats from one pixel of a source to the next.</param>
    /// <param name="target">The first pixel of the first row.</param>
    /// <param name="targetStride">Floats from one pixel of the result to the next.</param>
    /// <param name="rowStride">Floats from one row of the result to the next.</param>
    /// <param name="pixels">Pixels in a row.</param>
    public static void Run<TSimd, TVector>(float** sources, nint offset, DepthWiseTaps weights, nint pixelStride, float* target, nint targetStride, nint rowStride, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int x = 0;
        if (TSimd.TileRows == 12)
        {
            x = Tiles<TSimd, TVector, Size4>(sources, offset, weights, pixelStride, target, targetStride, rowStride, x, pixels);
        }

        x = Tiles<TSimd, TVector, Size2>(sources, offset, weights, pixelStride, target, targetStride, rowStride, x, pixels);
        Tiles<TSimd, TVector, Size1>(sources, offset, weights, pixelStride, target, targetStride, rowStride, x, pixels);
    }

    private static int Tiles<TSimd, TVector, TPixels>(
        float** sources, nint offset, DepthWiseTaps weights, nint pixelStride, float* target, nint targetStride, nint rowStride, int x, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        for (; x + TPixels.Count <= pixels; x += TPixels.Count)
        {
            for (int c = 0; c < weights.Channels; c += TSimd.Count)
            {
                Sum<TSimd, TVector, TPixels>(
                    sources, weights.Count, weights.WeightData + c, weights.Channels, weights.BiasData + c, offset + (x * pixelStride) + c, pixelStride, target + (x * targetStride) + c, targetStride, rowStride);
            }
        }

        return x;
    }

    /// <summary>
    /// One vector of channels of a few pixels: a to d are the rows' sums, p to s the weights that the newest row of the source has for them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<TSimd, TVector, TPixels>(
        float** sources, int taps, float* weights, nint weightStride, float* bias, nint offset, nint pixelStride, float* target, nint targetStride, nint rowStride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        TVector a0 = TSimd.Load(bias), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        TVector c0 = a0, c1 = a0, c2 = a0, c3 = a0, d0 = a0, d1 = a0, d2 = a0, d3 = a0;

        // Row r of the sources is tap r of the first row of the result, tap r − 1 of the second, and so on: what the first three
        // rows and the last three do not count for stands outside the loop, which has no branches then.
        TVector q = TSimd.Load(weights), r = TSimd.Load(weights + weightStride), s = TSimd.Load(weights + (2 * weightStride));
        {
            float* x = sources[0] + offset;
            TVector x0 = TSimd.Load(x), x1 = TPixels.Count > 1 ? TSimd.Load(x + pixelStride) : x0;
            TVector x2 = TPixels.Count > 2 ? TSimd.Load(x + (2 * pixelStride)) : x0, x3 = TPixels.Count > 3 ? TSimd.Load(x + (3 * pixelStride)) : x0;
            a0 = TSimd.MultiplyAdd(x0, q, a0);
            a1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, q, a1) : a1;
            a2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, q, a2) : a2;
            a3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, q, a3) : a3;
        }

        {
            float* x = sources[1] + offset;
            TVector x0 = TSimd.Load(x), x1 = TPixels.Count > 1 ? TSimd.Load(x + pixelStride) : x0;
            TVector x2 = TPixels.Count > 2 ? TSimd.Load(x + (2 * pixelStride)) : x0, x3 = TPixels.Count > 3 ? TSimd.Load(x + (3 * pixelStride)) : x0;
            a0 = TSimd.MultiplyAdd(x0, r, a0);
            a1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, r, a1) : a1;
            a2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, r, a2) : a2;
            a3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, r, a3) : a3;
            b0 = TSimd.MultiplyAdd(x0, q, b0);
            b1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, q, b1) : b1;
            b2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, q, b2) : b2;
            b3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, q, b3) : b3;
        }

        {
            float* x = sources[2] + offset;
            TVector x0 = TSimd.Load(x), x1 = TPixels.Count > 1 ? TSimd.Load(x + pixelStride) : x0;
            TVector x2 = TPixels.Count > 2 ? TSimd.Load(x + (2 * pixelStride)) : x0, x3 = TPixels.Count > 3 ? TSimd.Load(x + (3 * pixelStride)) : x0;
            a0 = TSimd.MultiplyAdd(x0, s, a0);
            a1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, s, a1) : a1;
            a2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, s, a2) : a2;
            a3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, s, a3) : a3;
            b0 = TSimd.MultiplyAdd(x0, r, b0);
            b1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, r, b1) : b1;
            b2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, r, b2) : b2;
            b3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, r, b3) : b3;
            c0 = TSimd.MultiplyAdd(x0, q, c0);
            c1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, q, c1) : c1;
            c2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, q, c2) : c2;
            c3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, q, c3) : c3;
        }

        sources += 3;
        for (int left = taps - 3; left > 0; left--)
        {
            weights += weightStride;
            TVector p = q;
            q = r;
            r = s;
            s = TSimd.Load(weights + (2 * weightStride));
            float* x = *sources++ + offset;
            TVector x0 = TSimd.Load(x), x1 = TPixels.Count > 1 ? TSimd.Load(x + pixelStride) : x0;
            TVector x2 = TPixels.Count > 2 ? TSimd.Load(x + (2 * pixelStride)) : x0, x3 = TPixels.Count > 3 ? TSimd.Load(x + (3 * pixelStride)) : x0;
            a0 = TSimd.MultiplyAdd(x0, s, a0);
            a1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, s, a1) : a1;
            a2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, s, a2) : a2;
            a3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, s, a3) : a3;
            b0 = TSimd.MultiplyAdd(x0, r, b0);
            b1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, r, b1) : b1;
            b2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, r, b2) : b2;
            b3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, r, b3) : b3;
            c0 = TSimd.MultiplyAdd(x0, q, c0);
            c1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, q, c1) : c1;
            c2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, q, c2) : c2;
            c3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, q, c3) : c3;
            d0 = TSimd.MultiplyAdd(x0, p, d0);
            d1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, p, d1) : d1;
            d2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, p, d2) : d2;
            d3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, p, d3) : d3;
        }

        Store<TSimd, TVector, TPixels>(target, targetStride, a0, a1, a2, a3);
        target += rowStride;
        {
            float* x = sources[0] + offset;
            TVector x0 = TSimd.Load(x), x1 = TPixels.Count > 1 ? TSimd.Load(x + pixelStride) : x0;
            TVector x2 = TPixels.Count > 2 ? TSimd.Load(x + (2 * pixelStride)) : x0, x3 = TPixels.Count > 3 ? TSimd.Load(x + (3 * pixelStride)) : x0;
            b0 = TSimd.MultiplyAdd(x0, s, b0);
            b1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, s, b1) : b1;
            b2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, s, b2) : b2;
            b3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, s, b3) : b3;
            c0 = TSimd.MultiplyAdd(x0, r, c0);
            c1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, r, c1) : c1;
            c2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, r, c2) : c2;
            c3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, r, c3) : c3;
            d0 = TSimd.MultiplyAdd(x0, q, d0);
            d1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, q, d1) : d1;
            d2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, q, d2) : d2;
            d3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, q, d3) : d3;
        }

        Store<TSimd, TVector, TPixels>(target, targetStride, b0, b1, b2, b3);
        target += rowStride;
        {
            float* x = sources[1] + offset;
            TVector x0 = TSimd.Load(x), x1 = TPixels.Count > 1 ? TSimd.Load(x + pixelStride) : x0;
            TVector x2 = TPixels.Count > 2 ? TSimd.Load(x + (2 * pixelStride)) : x0, x3 = TPixels.Count > 3 ? TSimd.Load(x + (3 * pixelStride)) : x0;
            c0 = TSimd.MultiplyAdd(x0, s, c0);
            c1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, s, c1) : c1;
            c2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, s, c2) : c2;
            c3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, s, c3) : c3;
            d0 = TSimd.MultiplyAdd(x0, r, d0);
            d1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, r, d1) : d1;
            d2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, r, d2) : d2;
            d3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, r, d3) : d3;
        }

        Store<TSimd, TVector, TPixels>(target, targetStride, c0, c1, c2, c3);
        target += rowStride;
        {
            float* x = sources[2] + offset;
            TVector x0 = TSimd.Load(x), x1 = TPixels.Count > 1 ? TSimd.Load(x + pixelStride) : x0;
            TVector x2 = TPixels.Count > 2 ? TSimd.Load(x + (2 * pixelStride)) : x0, x3 = TPixels.Count > 3 ? TSimd.Load(x + (3 * pixelStride)) : x0;
            d0 = TSimd.MultiplyAdd(x0, s, d0);
            d1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, s, d1) : d1;
            d2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, s, d2) : d2;
            d3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, s, d3) : d3;
        }

        Store<TSimd, TVector, TPixels>(target, targetStride, d0, d1, d2, d3);
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
