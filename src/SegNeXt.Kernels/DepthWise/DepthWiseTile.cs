using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// The inner kernel of every depth-wise convolution: up to 12 neighbouring pixels by one or two vectors of channels, whose
/// sums stay in registers over all taps. A tap is a row of pixels, already shifted by the tap's place, and a weight a
/// channel; 3×3, 5×5, 1×k and k×1 kernels and sums of several differ only in their lists of taps.
/// </summary>
/// <remarks>
/// Channels lie together (NHWC), so a tap is one multiply-add a vector with no shuffling. Every number is read from the
/// first-level cache once a tap: 27 loads for 24 multiply-adds at full size. One text for all sizes, as in
/// <see cref="MatrixTile"/>.
/// </remarks>
internal static unsafe class DepthWiseTile
{
    /// <summary>Computes the bias plus the sum over all taps of weight · pixel.</summary>
    /// <param name="taps">For each tap, the address of what it reads for the row's first pixel and channel.</param>
    /// <param name="count">Number of taps.</param>
    /// <param name="offset">Floats from there to the tile's first pixel and channel.</param>
    /// <param name="pixelStride">Floats from one pixel of a source to the next.</param>
    /// <param name="weights">The first tap's weights of the tile's channels.</param>
    /// <param name="weightStride">Floats from one tap's weights to the next tap's.</param>
    /// <param name="bias">The bias of the tile's channels.</param>
    /// <param name="target">The result for the tile's first pixel and channel.</param>
    /// <param name="targetStride">Floats from one pixel of the result to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector, TPixels, TWidth>(
        float** taps, int count, nint offset, nint pixelStride, float* weights, nint weightStride, float* bias, float* target, nint targetStride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
        where TWidth : struct, ITileSize
    {
        TVector l0 = TSimd.Load(bias);
        TVector h0 = TWidth.Count > 1 ? TSimd.Load(bias + TSimd.Count) : TSimd.Zero;
        TVector l1 = l0, h1 = h0, l2 = l0, h2 = h0, l3 = l0, h3 = h0, l4 = l0, h4 = h0;
        TVector l5 = l0, h5 = h0, l6 = l0, h6 = h0, l7 = l0, h7 = h0, l8 = l0, h8 = h0;
        TVector l9 = l0, h9 = h0, l10 = l0, h10 = h0, l11 = l0, h11 = h0;
        for (int tap = 0; tap < count; tap++)
        {
            TVector low = TSimd.Load(weights);
            TVector high = TWidth.Count > 1 ? TSimd.Load(weights + TSimd.Count) : TSimd.Zero;
            weights += weightStride;
            float* x = taps[tap] + offset;
            l0 = TSimd.MultiplyAdd(TSimd.Load(x), low, l0);
            h0 = TWidth.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + TSimd.Count), high, h0) : h0;
            if (TPixels.Count > 1)
            {
                x += pixelStride;
                l1 = TSimd.MultiplyAdd(TSimd.Load(x), low, l1);
                h1 = TWidth.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + TSimd.Count), high, h1) : h1;
            }

            if (TPixels.Count > 2)
            {
                x += pixelStride;
                l2 = TSimd.MultiplyAdd(TSimd.Load(x), low, l2);
                h2 = TWidth.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + TSimd.Count), high, h2) : h2;
            }

            if (TPixels.Count > 3)
            {
                x += pixelStride;
                l3 = TSimd.MultiplyAdd(TSimd.Load(x), low, l3);
                h3 = TWidth.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + TSimd.Count), high, h3) : h3;
            }

            if (TPixels.Count > 4)
            {
                x += pixelStride;
                l4 = TSimd.MultiplyAdd(TSimd.Load(x), low, l4);
                h4 = TWidth.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + TSimd.Count), high, h4) : h4;
            }

            if (TPixels.Count > 5)
            {
                x += pixelStride;
                l5 = TSimd.MultiplyAdd(TSimd.Load(x), low, l5);
                h5 = TWidth.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + TSimd.Count), high, h5) : h5;
            }

            if (TPixels.Count > 6)
            {
                x += pixelStride;
                l6 = TSimd.MultiplyAdd(TSimd.Load(x), low, l6);
                h6 = TWidth.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + TSimd.Count), high, h6) : h6;
            }

            if (TPixels.Count > 7)
            {
                x += pixelStride;
                l7 = TSimd.MultiplyAdd(TSimd.Load(x), low, l7);
                h7 = TWidth.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + TSimd.Count), high, h7) : h7;
            }

            if (TPixels.Count > 8)
            {
                x += pixelStride;
                l8 = TSimd.MultiplyAdd(TSimd.Load(x), low, l8);
                h8 = TWidth.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + TSimd.Count), high, h8) : h8;
            }

            if (TPixels.Count > 9)
            {
                x += pixelStride;
                l9 = TSimd.MultiplyAdd(TSimd.Load(x), low, l9);
                h9 = TWidth.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + TSimd.Count), high, h9) : h9;
            }

            if (TPixels.Count > 10)
            {
                x += pixelStride;
                l10 = TSimd.MultiplyAdd(TSimd.Load(x), low, l10);
                h10 = TWidth.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + TSimd.Count), high, h10) : h10;
            }

            if (TPixels.Count > 11)
            {
                x += pixelStride;
                l11 = TSimd.MultiplyAdd(TSimd.Load(x), low, l11);
                h11 = TWidth.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + TSimd.Count), high, h11) : h11;
            }
        }

        Store<TSimd, TVector, TWidth>(target, l0, h0);
        if (TPixels.Count > 1)
        {
            Store<TSimd, TVector, TWidth>(target + (1 * targetStride), l1, h1);
        }

        if (TPixels.Count > 2)
        {
            Store<TSimd, TVector, TWidth>(target + (2 * targetStride), l2, h2);
        }

        if (TPixels.Count > 3)
        {
            Store<TSimd, TVector, TWidth>(target + (3 * targetStride), l3, h3);
        }

        if (TPixels.Count > 4)
        {
            Store<TSimd, TVector, TWidth>(target + (4 * targetStride), l4, h4);
        }

        if (TPixels.Count > 5)
        {
            Store<TSimd, TVector, TWidth>(target + (5 * targetStride), l5, h5);
        }

        if (TPixels.Count > 6)
        {
            Store<TSimd, TVector, TWidth>(target + (6 * targetStride), l6, h6);
        }

        if (TPixels.Count > 7)
        {
            Store<TSimd, TVector, TWidth>(target + (7 * targetStride), l7, h7);
        }

        if (TPixels.Count > 8)
        {
            Store<TSimd, TVector, TWidth>(target + (8 * targetStride), l8, h8);
        }

        if (TPixels.Count > 9)
        {
            Store<TSimd, TVector, TWidth>(target + (9 * targetStride), l9, h9);
        }

        if (TPixels.Count > 10)
        {
            Store<TSimd, TVector, TWidth>(target + (10 * targetStride), l10, h10);
        }

        if (TPixels.Count > 11)
        {
            Store<TSimd, TVector, TWidth>(target + (11 * targetStride), l11, h11);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSimd, TVector, TWidth>(float* target, TVector low, TVector high)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TWidth : struct, ITileSize
    {
        TSimd.Store(target, low);
        if (TWidth.Count > 1)
        {
            TSimd.Store(target + TSimd.Count, high);
        }
    }
}
