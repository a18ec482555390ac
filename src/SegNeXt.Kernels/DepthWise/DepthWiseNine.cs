using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// <see cref="DepthWiseGelu"/> with 16 registers: tiles of four pixels of one or two rows, eight sums, the six pixels of a row that they read, and a
/// weight at a time. The sums of a few pixels wait in the first-level cache for GELU, whose polynomial needs the registers.
/// </summary>
/// <remarks>A sum takes its taps row by row; one row at a time gives the same bits as two. 12 loads for 24 multiply-adds.</remarks>
internal static unsafe class DepthWiseNine
{
    private const int Taps = 3, MostPixels = 64;

    /// <inheritdoc cref="DepthWiseGelu.Run"/>
    public static void Run<TSimd, TVector, TRows>(float** rows, nint vectorStride, DepthWiseTaps weights, float* target, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
    {
        int channels = weights.Channels;
        float* sums = stackalloc float[TRows.Count * MostPixels * TSimd.Count];
        for (int c = 0; c < channels; c += TSimd.Count)
        {
            for (int x = 0; x < pixels; x += MostPixels)
            {
                int count = Math.Min(MostPixels, pixels - x), whole = count / Size4.Count * Size4.Count;
                nint from = (c / TSimd.Count * vectorStride) + (x * (nint)TSimd.Count);
                Sums<TSimd, TVector, TRows, Size4>(rows, from, weights, c, sums, count, 0, whole);
                Sums<TSimd, TVector, TRows, Size1>(rows, from, weights, c, sums, count, whole, count);
                for (int row = 0; row < TRows.Count; row++)
                {
                    float* to = target + ((((nint)row * pixels) + x) * channels) + c;
                    Gelu.Polynomials<TSimd, TVector>(sums + (row * count * TSimd.Count), to, channels, count);
                }
            }
        }
    }

    /// <summary>The sums of some of a strip's pixels, the first row's and behind them the second's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums<TSimd, TVector, TRows, TPixels>(
        float** rows, nint from, DepthWiseTaps taps, int channel, float* sums, int stripPixels, int first, int end)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TPixels : struct, ITileSize
    {
        nint weightStride = taps.Channels;
        float* weights = taps.WeightData + channel, bias = taps.BiasData + channel, below = sums + ((nint)stripPixels * TSimd.Count);
        for (nint x = (nint)first * TSimd.Count; x < (nint)end * TSimd.Count; x += TPixels.Count * TSimd.Count)
        {
            // a is the first row's sums, b the second's.
            TVector a0 = TSimd.Load(bias), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            float* upper = weights;
            for (int row = 0; row < TRows.Count + 2; row++)
            {
                float* source = rows[row] + from + x;
                TVector x0 = TSimd.Load(source), x1 = TSimd.Load(source + TSimd.Count), x2 = TSimd.Load(source + (2 * TSimd.Count));
                TVector x3 = TPixels.Count > 1 ? TSimd.Load(source + (3 * TSimd.Count)) : x2;
                TVector x4 = TPixels.Count > 2 ? TSimd.Load(source + (4 * TSimd.Count)) : x2, x5 = TPixels.Count > 3 ? TSimd.Load(source + (5 * TSimd.Count)) : x2;

                // Row r of what is read is row r of the kernel for the first result, and row r − 1 for the second.
                if (TRows.Count == 1 || row < Taps)
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
                    float* lower = upper - (Taps * weightStride);
                    TVector w = TSimd.Load(lower);
                    b0 = TSimd.MultiplyAdd(x0, w, b0);
                    b1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x1, w, b1) : b1;
                    b2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x2, w, b2) : b2;
                    b3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x3, w, b3) : b3;
                    w = TSimd.Load(lower + weightStride);
                    b0 = TSimd.MultiplyAdd(x1, w, b0);
                    b1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x2, w, b1) : b1;
                    b2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x3, w, b2) : b2;
                    b3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x4, w, b3) : b3;
                    w = TSimd.Load(lower + (2 * weightStride));
                    b0 = TSimd.MultiplyAdd(x2, w, b0);
                    b1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(x3, w, b1) : b1;
                    b2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(x4, w, b2) : b2;
                    b3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(x5, w, b3) : b3;
                }

                upper += Taps * weightStride;
            }

            Store<TSimd, TVector, TPixels>(sums + x, a0, a1, a2, a3);
            if (TRows.Count > 1)
            {
                Store<TSimd, TVector, TPixels>(below + x, b0, b1, b2, b3);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSimd, TVector, TPixels>(float* target, TVector v0, TVector v1, TVector v2, TVector v3)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        TSimd.Store(target, v0);
        if (TPixels.Count > 1)
        {
            TSimd.Store(target + TSimd.Count, v1);
            TSimd.Store(target + (2 * TSimd.Count), v2);
            TSimd.Store(target + (3 * TSimd.Count), v3);
        }
    }
}
