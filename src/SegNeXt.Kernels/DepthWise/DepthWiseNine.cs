using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// A 3×3 depth-wise convolution of one or two rows for one vector of channels and 16 registers: tiles of four pixels a row, eight sums, the six pixels of a row
/// that they read, and a weight at a time. 12 loads for 24 multiply-adds.
/// </summary>
/// <remarks>A sum takes its taps row by row; one row at a time gives the same bits as two.</remarks>
internal static unsafe class DepthWiseNine
{
    /// <summary>Computes the sums of all pixels.</summary>
    /// <param name="r0">The first row that is read, from the pixel to the left on; a pixel's vector follows the other.</param>
    /// <param name="r1">The second.</param>
    /// <param name="r2">The third.</param>
    /// <param name="r3">The fourth, for two rows.</param>
    /// <param name="weights">The first tap's weights.</param>
    /// <param name="weightStride">Floats from one tap's weights to the next tap's.</param>
    /// <param name="bias">The bias.</param>
    /// <param name="target">Gets the first row's sums, and behind them the second's.</param>
    /// <param name="pixels">Pixels in a row.</param>
    public static void Run<TSimd, TVector, TRows>(
        float* r0, float* r1, float* r2, float* r3, float* weights, nint weightStride, float* bias, float* target, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
    {
        int whole = pixels & ~3;
        float** rows = stackalloc float*[] { r0, r1, r2, r3 };
        Tiles<TSimd, TVector, TRows, Size4>(rows, weights, weightStride, bias, target, pixels, 0, whole);
        Tiles<TSimd, TVector, TRows, Size1>(rows, weights, weightStride, bias, target, pixels, whole, pixels);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles<TSimd, TVector, TRows, TPixels>(
        float** rows, float* weights, nint weightStride, float* bias, float* target, int pixels, int from, int to)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TPixels : struct, ITileSize
    {
        nint below = (nint)pixels * TSimd.Count;
        target += (nint)from * TSimd.Count;
        for (nint x = (nint)from * TSimd.Count; x < (nint)to * TSimd.Count; x += TPixels.Count * TSimd.Count)
        {
            // a is the first row's sums, b the second's.
            TVector a0 = TSimd.Load(bias), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            float* upper = weights;
            for (int row = 0; row < TRows.Count + 2; row++)
            {
                float* source = rows[row] + x;
                TVector x0 = TSimd.Load(source), x1 = TSimd.Load(source + TSimd.Count), x2 = TSimd.Load(source + (2 * TSimd.Count));
                TVector x3 = TPixels.Count > 1 ? TSimd.Load(source + (3 * TSimd.Count)) : x2;
                TVector x4 = TPixels.Count > 2 ? TSimd.Load(source + (4 * TSimd.Count)) : x2, x5 = TPixels.Count > 3 ? TSimd.Load(source + (5 * TSimd.Count)) : x2;
                if (TRows.Count == 1 || row < 3)
                {
                    TVector w = TSimd.Load(upper);
                    a0 = TSimd.MultiplyAdd(x0, w, a0);
                    a1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, w, a1) : a1;
                    a2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, w, a2) : a2;
                    a3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, w, a3) : a3;
                    w = TSimd.Load(upper + weightStride);
                    a0 = TSimd.MultiplyAdd(x1, w, a0);
                    a1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x2, w, a1) : a1;
                    a2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x3, w, a2) : a2;
                    a3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x4, w, a3) : a3;
                    w = TSimd.Load(upper + (2 * weightStride));
                    a0 = TSimd.MultiplyAdd(x2, w, a0);
                    a1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x3, w, a1) : a1;
                    a2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x4, w, a2) : a2;
                    a3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x5, w, a3) : a3;
                }

                if (TRows.Count > 1 && row > 0)
                {
                    float* own = upper - (3 * weightStride);
                    TVector w = TSimd.Load(own);
                    b0 = TSimd.MultiplyAdd(x0, w, b0);
                    b1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, w, b1) : b1;
                    b2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, w, b2) : b2;
                    b3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, w, b3) : b3;
                    w = TSimd.Load(own + weightStride);
                    b0 = TSimd.MultiplyAdd(x1, w, b0);
                    b1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x2, w, b1) : b1;
                    b2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x3, w, b2) : b2;
                    b3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x4, w, b3) : b3;
                    w = TSimd.Load(own + (2 * weightStride));
                    b0 = TSimd.MultiplyAdd(x2, w, b0);
                    b1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x3, w, b1) : b1;
                    b2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x4, w, b2) : b2;
                    b3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x5, w, b3) : b3;
                }

                upper += 3 * weightStride;
            }

            TSimd.Store(target, a0);
            if (TPixels.Count > 1)
            {
                TSimd.Store(target + TSimd.Count, a1);
            }

            if (TPixels.Count > 2)
            {
                TSimd.Store(target + (2 * TSimd.Count), a2);
            }

            if (TPixels.Count > 3)
            {
                TSimd.Store(target + (3 * TSimd.Count), a3);
            }

            if (TRows.Count > 1)
            {
                float* second = target + below;
                TSimd.Store(second, b0);
                if (TPixels.Count > 1)
                {
                    TSimd.Store(second + TSimd.Count, b1);
                }

                if (TPixels.Count > 2)
                {
                    TSimd.Store(second + (2 * TSimd.Count), b2);
                }

                if (TPixels.Count > 3)
                {
                    TSimd.Store(second + (3 * TSimd.Count), b3);
                }
            }

            target += TPixels.Count * TSimd.Count;
        }
    }
}
