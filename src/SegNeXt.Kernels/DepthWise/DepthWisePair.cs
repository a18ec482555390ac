using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// Two rows of a depth-wise convolution at once, up to 6 pixels by one vector of channels: a row of the source that counts
/// for both is read once. Where rows come from the second-level cache, their number is what takes the time.
/// </summary>
/// <remarks>
/// A 3×3 kernel reads four rows for two, instead of six. Each sum takes its taps in the order of <see cref="DepthWiseTile"/> and
/// has the same bits.
/// </remarks>
internal static unsafe class DepthWisePair
{
    /// <summary>Computes all pixels of two rows.</summary>
    /// <param name="rows">For each row that is read, one more than the kernel has, what the first tap reads for the first pixel.</param>
    /// <param name="across">The kernel's width; the weights' number of taps is a multiple of it.</param>
    /// <param name="weights">Weights and bias.</param>
    /// <param name="pixelStride">Floats from one pixel of a source to the next.</param>
    /// <param name="target">The first row's first pixel.</param>
    /// <param name="targetStride">Floats from one pixel of the result to the next.</param>
    /// <param name="rowStride">Floats from the first row of the result to the second.</param>
    /// <param name="pixels">Pixels in a row.</param>
    public static void Run<TSimd, TVector>(
        float** rows, int across, DepthWiseTaps weights, nint pixelStride, float* target, nint targetStride, nint rowStride, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int x = 0;
        if (TSimd.TileRows == 12)
        {
            x = Tiles<TSimd, TVector, Size6>(rows, across, weights, pixelStride, target, targetStride, rowStride, x, pixels);
        }

        x = Tiles<TSimd, TVector, Size2>(rows, across, weights, pixelStride, target, targetStride, rowStride, x, pixels);
        Tiles<TSimd, TVector, Size1>(rows, across, weights, pixelStride, target, targetStride, rowStride, x, pixels);
    }

    private static int Tiles<TSimd, TVector, TPixels>(
        float** rows, int across, DepthWiseTaps weights, nint pixelStride, float* target, nint targetStride, nint rowStride, int x, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        int down = weights.Count / across;
        for (; x + TPixels.Count <= pixels; x += TPixels.Count)
        {
            float* to = target + (x * targetStride);
            for (int c = 0; c < weights.Channels; c += TSimd.Count)
            {
                Tile<TSimd, TVector, TPixels>(
                    rows, down, across, (x * pixelStride) + c, pixelStride, weights.WeightData + c, weights.Channels, weights.BiasData + c, to + c, targetStride, rowStride);
            }
        }

        return x;
    }

    /// <summary>One vector of channels: a is the first row's sums, b the second's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TSimd, TVector, TPixels>(
        float** rows, int down, int across, nint offset, nint pixelStride, float* weights, nint weightStride, float* bias, float* target, nint targetStride, nint rowStride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        TVector a0 = TSimd.Load(bias);
        TVector a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0;
        float* upper = weights;
        for (int row = 0; row <= down; row++)
        {
            float* x = rows[row] + offset;
            TVector x5 = TPixels.Count > 5 ? TSimd.Load(x + ((TPixels.Count - 6) * pixelStride)) : TSimd.Zero;
            TVector x4 = TPixels.Count > 4 ? TSimd.Load(x + ((TPixels.Count - 5) * pixelStride)) : TSimd.Zero;
            TVector x3 = TPixels.Count > 3 ? TSimd.Load(x + ((TPixels.Count - 4) * pixelStride)) : TSimd.Zero;
            TVector x2 = TPixels.Count > 2 ? TSimd.Load(x + ((TPixels.Count - 3) * pixelStride)) : TSimd.Zero;
            TVector x1 = TPixels.Count > 1 ? TSimd.Load(x + ((TPixels.Count - 2) * pixelStride)) : TSimd.Zero;
            x += (TPixels.Count - 1) * pixelStride;

            // Row r of what is read is row r of the kernel for the first result, and row r − 1 for the second.
            bool isFirst = row < down, isSecond = row > 0;
            for (int tap = 0; tap < across; tap++)
            {
                TVector x0 = TSimd.Load(x);
                x += pixelStride;
                if (isFirst)
                {
                    TVector w = TSimd.Load(upper + (tap * weightStride));
                    a0 = TSimd.MultiplyAdd(x0, w, a0);
                    a1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, w, a1) : a1;
                    a2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, w, a2) : a2;
                    a3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, w, a3) : a3;
                    a4 = TPixels.Count > 4 ? TSimd.MultiplyAdd(x4, w, a4) : a4;
                    a5 = TPixels.Count > 5 ? TSimd.MultiplyAdd(x5, w, a5) : a5;
                }

                if (isSecond)
                {
                    TVector w = TSimd.Load(upper + ((tap - across) * weightStride));
                    b0 = TSimd.MultiplyAdd(x0, w, b0);
                    b1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, w, b1) : b1;
                    b2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, w, b2) : b2;
                    b3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, w, b3) : b3;
                    b4 = TPixels.Count > 4 ? TSimd.MultiplyAdd(x4, w, b4) : b4;
                    b5 = TPixels.Count > 5 ? TSimd.MultiplyAdd(x5, w, b5) : b5;
                }

                x5 = x4;
                x4 = x3;
                x3 = x2;
                x2 = x1;
                x1 = x0;
            }

            upper += across * weightStride;
        }

        float* below = target + rowStride;
        TSimd.Store(target + ((TPixels.Count - 1) * targetStride), a0);
        TSimd.Store(below + ((TPixels.Count - 1) * targetStride), b0);
        if (TPixels.Count > 1)
        {
            TSimd.Store(target + ((TPixels.Count - 2) * targetStride), a1);
            TSimd.Store(below + ((TPixels.Count - 2) * targetStride), b1);
        }

        if (TPixels.Count > 2)
        {
            TSimd.Store(target + ((TPixels.Count - 3) * targetStride), a2);
            TSimd.Store(below + ((TPixels.Count - 3) * targetStride), b2);
        }

        if (TPixels.Count > 3)
        {
            TSimd.Store(target + ((TPixels.Count - 4) * targetStride), a3);
            TSimd.Store(below + ((TPixels.Count - 4) * targetStride), b3);
        }

        if (TPixels.Count > 4)
        {
            TSimd.Store(target + ((TPixels.Count - 5) * targetStride), a4);
            TSimd.Store(below + ((TPixels.Count - 5) * targetStride), b4);
        }

        if (TPixels.Count > 5)
        {
            TSimd.Store(target + ((TPixels.Count - 6) * targetStride), a5);
            TSimd.Store(below + ((TPixels.Count - 6) * targetStride), b5);
        }
    }
}
