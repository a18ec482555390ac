using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// The inner kernel of every depth-wise convolution: up to 12 neighbouring pixels by one vector of channels, whose sums
/// stay in registers over all taps. 3×3, 5×5, 1×k and k×1 kernels and sums of several differ only in their runs of taps.
/// </summary>
/// <remarks>
/// Channels lie together (NHWC), so a tap is one multiply-add a vector with no shuffling. The pixels that a tap reads are
/// those of the tap before it, moved by one: they stay in registers as a window, and a tap takes two loads, a pixel and a
/// weight, for 12 multiply-adds. Handing the window on costs no time, since processors rename registers. One text for all
/// sizes, as in <see cref="MatrixTile"/>; numbers 0 and up count from the tile's last pixel, the window's newest.
/// </remarks>
internal static unsafe class DepthWiseTile
{
    /// <summary>Computes the bias plus the sum over all taps of weight · pixel.</summary>
    /// <param name="runs">The taps.</param>
    /// <param name="count">Number of runs.</param>
    /// <param name="offset">Floats from a run's start to what it reads for the tile's first pixel and channel.</param>
    /// <param name="pixelStride">Floats from one pixel of a source to the next.</param>
    /// <param name="weights">The first tap's weights of the tile's channels.</param>
    /// <param name="weightStride">Floats from one tap's weights to the next tap's.</param>
    /// <param name="bias">The bias of the tile's channels.</param>
    /// <param name="target">The result for the tile's first pixel and channel.</param>
    /// <param name="targetStride">Floats from one pixel of the result to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector, TPixels>(
        TapRun* runs, int count, nint offset, nint pixelStride, float* weights, nint weightStride, float* bias, float* target, nint targetStride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        TVector s0 = TSimd.Load(bias);
        TVector s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0, s10 = s0, s11 = s0;
        for (int run = 0; run < count; run++)
        {
            float* x = runs[run].Start + offset;
            TVector x11 = TPixels.Count > 11 ? TSimd.Load(x + ((TPixels.Count - 12) * pixelStride)) : TSimd.Zero;
            TVector x10 = TPixels.Count > 10 ? TSimd.Load(x + ((TPixels.Count - 11) * pixelStride)) : TSimd.Zero;
            TVector x9 = TPixels.Count > 9 ? TSimd.Load(x + ((TPixels.Count - 10) * pixelStride)) : TSimd.Zero;
            TVector x8 = TPixels.Count > 8 ? TSimd.Load(x + ((TPixels.Count - 9) * pixelStride)) : TSimd.Zero;
            TVector x7 = TPixels.Count > 7 ? TSimd.Load(x + ((TPixels.Count - 8) * pixelStride)) : TSimd.Zero;
            TVector x6 = TPixels.Count > 6 ? TSimd.Load(x + ((TPixels.Count - 7) * pixelStride)) : TSimd.Zero;
            TVector x5 = TPixels.Count > 5 ? TSimd.Load(x + ((TPixels.Count - 6) * pixelStride)) : TSimd.Zero;
            TVector x4 = TPixels.Count > 4 ? TSimd.Load(x + ((TPixels.Count - 5) * pixelStride)) : TSimd.Zero;
            TVector x3 = TPixels.Count > 3 ? TSimd.Load(x + ((TPixels.Count - 4) * pixelStride)) : TSimd.Zero;
            TVector x2 = TPixels.Count > 2 ? TSimd.Load(x + ((TPixels.Count - 3) * pixelStride)) : TSimd.Zero;
            TVector x1 = TPixels.Count > 1 ? TSimd.Load(x + ((TPixels.Count - 2) * pixelStride)) : TSimd.Zero;
            x += (TPixels.Count - 1) * pixelStride;
            int taps = runs[run].Taps;
            for (; taps >= 4; taps -= 4)
            {
                TVector weight = TSimd.Load(weights), n0 = TSimd.Load(x);
                Tap<TSimd, TVector, TPixels>(weight, n0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9, ref s10, ref s11);
                weight = TSimd.Load(weights + weightStride);
                TVector n1 = TSimd.Load(x + pixelStride);
                Tap<TSimd, TVector, TPixels>(weight, n1, n0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9, ref s10, ref s11);
                weight = TSimd.Load(weights + (2 * weightStride));
                TVector n2 = TSimd.Load(x + (2 * pixelStride));
                Tap<TSimd, TVector, TPixels>(weight, n2, n1, n0, x1, x2, x3, x4, x5, x6, x7, x8, x9, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9, ref s10, ref s11);
                weight = TSimd.Load(weights + (3 * weightStride));
                TVector n3 = TSimd.Load(x + (3 * pixelStride));
                Tap<TSimd, TVector, TPixels>(weight, n3, n2, n1, n0, x1, x2, x3, x4, x5, x6, x7, x8, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9, ref s10, ref s11);
                weights += 4 * weightStride;
                x += 4 * pixelStride;
                (x11, x10, x9, x8) = (x7, x6, x5, x4);
                (x7, x6, x5) = (x3, x2, x1);
                (x4, x3, x2, x1) = (n0, n1, n2, n3);
            }

            for (; taps > 0; taps--)
            {
                TVector weight = TSimd.Load(weights), n0 = TSimd.Load(x);
                Tap<TSimd, TVector, TPixels>(weight, n0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9, ref s10, ref s11);
                weights += weightStride;
                x += pixelStride;
                (x11, x10, x9, x8, x7, x6) = (x10, x9, x8, x7, x6, x5);
                (x5, x4, x3, x2, x1) = (x4, x3, x2, x1, n0);
            }
        }

        TSimd.Store(target + ((TPixels.Count - 1) * targetStride), s0);
        if (TPixels.Count > 1)
        {
            TSimd.Store(target + ((TPixels.Count - 2) * targetStride), s1);
        }

        if (TPixels.Count > 2)
        {
            TSimd.Store(target + ((TPixels.Count - 3) * targetStride), s2);
        }

        if (TPixels.Count > 3)
        {
            TSimd.Store(target + ((TPixels.Count - 4) * targetStride), s3);
        }

        if (TPixels.Count > 4)
        {
            TSimd.Store(target + ((TPixels.Count - 5) * targetStride), s4);
        }

        if (TPixels.Count > 5)
        {
            TSimd.Store(target + ((TPixels.Count - 6) * targetStride), s5);
        }

        if (TPixels.Count > 6)
        {
            TSimd.Store(target + ((TPixels.Count - 7) * targetStride), s6);
        }

        if (TPixels.Count > 7)
        {
            TSimd.Store(target + ((TPixels.Count - 8) * targetStride), s7);
        }

        if (TPixels.Count > 8)
        {
            TSimd.Store(target + ((TPixels.Count - 9) * targetStride), s8);
        }

        if (TPixels.Count > 9)
        {
            TSimd.Store(target + ((TPixels.Count - 10) * targetStride), s9);
        }

        if (TPixels.Count > 10)
        {
            TSimd.Store(target + ((TPixels.Count - 11) * targetStride), s10);
        }

        if (TPixels.Count > 11)
        {
            TSimd.Store(target + ((TPixels.Count - 12) * targetStride), s11);
        }
    }

    /// <summary>What a tap adds to the sums: its weight times the pixels of the window, from the newest on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tap<TSimd, TVector, TPixels>(
        TVector weight,
        TVector x0, TVector x1, TVector x2, TVector x3, TVector x4, TVector x5, TVector x6, TVector x7, TVector x8, TVector x9, TVector x10, TVector x11,
        ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3, ref TVector s4, ref TVector s5, ref TVector s6, ref TVector s7, ref TVector s8, ref TVector s9, ref TVector s10, ref TVector s11)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        if (TPixels.Count > 11)
        {
            s11 = TSimd.MultiplyAdd(x11, weight, s11);
        }

        if (TPixels.Count > 10)
        {
            s10 = TSimd.MultiplyAdd(x10, weight, s10);
        }

        if (TPixels.Count > 9)
        {
            s9 = TSimd.MultiplyAdd(x9, weight, s9);
        }

        if (TPixels.Count > 8)
        {
            s8 = TSimd.MultiplyAdd(x8, weight, s8);
        }

        if (TPixels.Count > 7)
        {
            s7 = TSimd.MultiplyAdd(x7, weight, s7);
        }

        if (TPixels.Count > 6)
        {
            s6 = TSimd.MultiplyAdd(x6, weight, s6);
        }

        if (TPixels.Count > 5)
        {
            s5 = TSimd.MultiplyAdd(x5, weight, s5);
        }

        if (TPixels.Count > 4)
        {
            s4 = TSimd.MultiplyAdd(x4, weight, s4);
        }

        if (TPixels.Count > 3)
        {
            s3 = TSimd.MultiplyAdd(x3, weight, s3);
        }

        if (TPixels.Count > 2)
        {
            s2 = TSimd.MultiplyAdd(x2, weight, s2);
        }

        if (TPixels.Count > 1)
        {
            s1 = TSimd.MultiplyAdd(x1, weight, s1);
        }

        s0 = TSimd.MultiplyAdd(x0, weight, s0);
    }
}
