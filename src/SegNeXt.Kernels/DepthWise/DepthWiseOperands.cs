using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// <see cref="DepthWiseTile"/> for processors with 16 vector registers: these hold the sums of 12 pixels but no window besides, so that
/// each multiply-add reads its pixel from memory, which takes no instruction of its own there.
/// </summary>
/// <remarks>
/// A tap takes 13 loads for 12 multiply-adds, and processors do as many of the one as of the other in a cycle, where the pixels lie in the first-level
/// cache. A window of six waits for its own sums. A sum takes its taps in the same order and has the same bits.
/// </remarks>
internal static unsafe class DepthWiseOperands
{
    /// <inheritdoc cref="DepthWiseTile.Run"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
            // Four pointers and two distances reach all twelve pixels, as in MatrixTile.
            float* x = runs[run].Start + offset;
            float* x3 = x + (3 * pixelStride);
            float* x6 = x3 + (3 * pixelStride);
            float* x9 = x6 + (3 * pixelStride);
            for (int tap = runs[run].Taps; tap > 0; tap--)
            {
                TVector weight = TSimd.Load(weights);
                weights += weightStride;
                s0 = TSimd.MultiplyAdd(TSimd.Load(x), weight, s0);
                s1 = TPixels.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(x + pixelStride), weight, s1) : s1;
                s2 = TPixels.Count > 2 ? TSimd.MultiplyAdd(TSimd.Load(x + (2 * pixelStride)), weight, s2) : s2;
                s3 = TPixels.Count > 3 ? TSimd.MultiplyAdd(TSimd.Load(x3), weight, s3) : s3;
                s4 = TPixels.Count > 4 ? TSimd.MultiplyAdd(TSimd.Load(x3 + pixelStride), weight, s4) : s4;
                s5 = TPixels.Count > 5 ? TSimd.MultiplyAdd(TSimd.Load(x3 + (2 * pixelStride)), weight, s5) : s5;
                s6 = TPixels.Count > 6 ? TSimd.MultiplyAdd(TSimd.Load(x6), weight, s6) : s6;
                s7 = TPixels.Count > 7 ? TSimd.MultiplyAdd(TSimd.Load(x6 + pixelStride), weight, s7) : s7;
                s8 = TPixels.Count > 8 ? TSimd.MultiplyAdd(TSimd.Load(x6 + (2 * pixelStride)), weight, s8) : s8;
                s9 = TPixels.Count > 9 ? TSimd.MultiplyAdd(TSimd.Load(x9), weight, s9) : s9;
                s10 = TPixels.Count > 10 ? TSimd.MultiplyAdd(TSimd.Load(x9 + pixelStride), weight, s10) : s10;
                s11 = TPixels.Count > 11 ? TSimd.MultiplyAdd(TSimd.Load(x9 + (2 * pixelStride)), weight, s11) : s11;
                x += pixelStride;
                x3 += pixelStride;
                x6 += pixelStride;
                x9 += pixelStride;
            }
        }

        TSimd.Store(target, s0);
        if (TPixels.Count > 1)
        {
            TSimd.Store(target + targetStride, s1);
        }

        if (TPixels.Count > 2)
        {
            TSimd.Store(target + (2 * targetStride), s2);
        }

        if (TPixels.Count > 3)
        {
            TSimd.Store(target + (3 * targetStride), s3);
        }

        if (TPixels.Count > 4)
        {
            TSimd.Store(target + (4 * targetStride), s4);
        }

        if (TPixels.Count > 5)
        {
            TSimd.Store(target + (5 * targetStride), s5);
        }

        if (TPixels.Count > 6)
        {
            TSimd.Store(target + (6 * targetStride), s6);
        }

        if (TPixels.Count > 7)
        {
            TSimd.Store(target + (7 * targetStride), s7);
        }

        if (TPixels.Count > 8)
        {
            TSimd.Store(target + (8 * targetStride), s8);
        }

        if (TPixels.Count > 9)
        {
            TSimd.Store(target + (9 * targetStride), s9);
        }

        if (TPixels.Count > 10)
        {
            TSimd.Store(target + (10 * targetStride), s10);
        }

        if (TPixels.Count > 11)
        {
            TSimd.Store(target + (11 * targetStride), s11);
        }
    }
}
