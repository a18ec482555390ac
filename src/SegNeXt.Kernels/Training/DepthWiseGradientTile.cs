using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// The inner kernel of the weight gradients of depth-wise convolutions: for up to 12 taps and one vector of channels, the
/// sums over a row of pixels of what each tap reads times the result's gradient. The sums stay in registers over the row.
/// </summary>
/// <remarks>One text for all numbers of taps, as in <see cref="MatrixTile"/>. A pixel costs a load for dy and one for each multiply-add.</remarks>
internal static unsafe class DepthWiseGradientTile
{
    private const int MostTaps = 12;

    /// <summary>Adds a row's sums for any number of taps and channels; the taps are shared out evenly over tiles.</summary>
    public static void RunRow<TSimd, TVector>(
        float** taps, int count, nint pixelStride, float* dy, nint dyStride, int pixels, int channels, float* gradient, nint gradientStride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int tiles = (count + MostTaps - 1) / MostTaps;
        for (int tile = 0; tile < tiles; tile++)
        {
            int first = count * tile / tiles;
            int size = (count * (tile + 1) / tiles) - first;
            for (int c = 0; c < channels; c += TSimd.Count)
            {
                Tile<TSimd, TVector>(taps + first, size, c, pixelStride, dy + c, dyStride, pixels, gradient + (first * gradientStride) + c, gradientStride);
            }
        }
    }

    private static void Tile<TSimd, TVector>(
        float** taps, int count, nint offset, nint pixelStride, float* dy, nint dyStride, int pixels, float* gradient, nint gradientStride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        switch (count)
        {
            case 1:
                Run<TSimd, TVector, Size1>(taps, offset, pixelStride, dy, dyStride, pixels, gradient, gradientStride);
                break;
            case 2:
                Run<TSimd, TVector, Size2>(taps, offset, pixelStride, dy, dyStride, pixels, gradient, gradientStride);
                break;
            case 3:
                Run<TSimd, TVector, Size3>(taps, offset, pixelStride, dy, dyStride, pixels, gradient, gradientStride);
                break;
            case 4:
                Run<TSimd, TVector, Size4>(taps, offset, pixelStride, dy, dyStride, pixels, gradient, gradientStride);
                break;
            case 5:
                Run<TSimd, TVector, Size5>(taps, offset, pixelStride, dy, dyStride, pixels, gradient, gradientStride);
                break;
            case 6:
                Run<TSimd, TVector, Size6>(taps, offset, pixelStride, dy, dyStride, pixels, gradient, gradientStride);
                break;
            case 7:
                Run<TSimd, TVector, Size7>(taps, offset, pixelStride, dy, dyStride, pixels, gradient, gradientStride);
                break;
            case 8:
                Run<TSimd, TVector, Size8>(taps, offset, pixelStride, dy, dyStride, pixels, gradient, gradientStride);
                break;
            case 9:
                Run<TSimd, TVector, Size9>(taps, offset, pixelStride, dy, dyStride, pixels, gradient, gradientStride);
                break;
            case 10:
                Run<TSimd, TVector, Size10>(taps, offset, pixelStride, dy, dyStride, pixels, gradient, gradientStride);
                break;
            case 11:
                Run<TSimd, TVector, Size11>(taps, offset, pixelStride, dy, dyStride, pixels, gradient, gradientStride);
                break;
            default:
                Run<TSimd, TVector, Size12>(taps, offset, pixelStride, dy, dyStride, pixels, gradient, gradientStride);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TSimd, TVector, TTaps>(
        float** taps, nint offset, nint pixelStride, float* dy, nint dyStride, int pixels, float* gradient, nint gradientStride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TTaps : struct, ITileSize
    {
        TVector s0 = TSimd.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0, s10 = s0, s11 = s0;
        float* t0 = taps[0] + offset;
        float* t1 = TTaps.Count > 1 ? taps[1] + offset : null;
        float* t2 = TTaps.Count > 2 ? taps[2] + offset : null;
        float* t3 = TTaps.Count > 3 ? taps[3] + offset : null;
        float* t4 = TTaps.Count > 4 ? taps[4] + offset : null;
        float* t5 = TTaps.Count > 5 ? taps[5] + offset : null;
        float* t6 = TTaps.Count > 6 ? taps[6] + offset : null;
        float* t7 = TTaps.Count > 7 ? taps[7] + offset : null;
        float* t8 = TTaps.Count > 8 ? taps[8] + offset : null;
        float* t9 = TTaps.Count > 9 ? taps[9] + offset : null;
        float* t10 = TTaps.Count > 10 ? taps[10] + offset : null;
        float* t11 = TTaps.Count > 11 ? taps[11] + offset : null;
        for (nint at = 0; pixels > 0; pixels--, at += pixelStride, dy += dyStride)
        {
            TVector d = TSimd.Load(dy);
            s0 = TSimd.MultiplyAdd(TSimd.Load(t0 + at), d, s0);
            s1 = TTaps.Count > 1 ? TSimd.MultiplyAdd(TSimd.Load(t1 + at), d, s1) : s1;
            s2 = TTaps.Count > 2 ? TSimd.MultiplyAdd(TSimd.Load(t2 + at), d, s2) : s2;
            s3 = TTaps.Count > 3 ? TSimd.MultiplyAdd(TSimd.Load(t3 + at), d, s3) : s3;
            s4 = TTaps.Count > 4 ? TSimd.MultiplyAdd(TSimd.Load(t4 + at), d, s4) : s4;
            s5 = TTaps.Count > 5 ? TSimd.MultiplyAdd(TSimd.Load(t5 + at), d, s5) : s5;
            s6 = TTaps.Count > 6 ? TSimd.MultiplyAdd(TSimd.Load(t6 + at), d, s6) : s6;
            s7 = TTaps.Count > 7 ? TSimd.MultiplyAdd(TSimd.Load(t7 + at), d, s7) : s7;
            s8 = TTaps.Count > 8 ? TSimd.MultiplyAdd(TSimd.Load(t8 + at), d, s8) : s8;
            s9 = TTaps.Count > 9 ? TSimd.MultiplyAdd(TSimd.Load(t9 + at), d, s9) : s9;
            s10 = TTaps.Count > 10 ? TSimd.MultiplyAdd(TSimd.Load(t10 + at), d, s10) : s10;
            s11 = TTaps.Count > 11 ? TSimd.MultiplyAdd(TSimd.Load(t11 + at), d, s11) : s11;
        }

        Add<TSimd, TVector>(gradient, s0);
        if (TTaps.Count > 1)
        {
            Add<TSimd, TVector>(gradient + (1 * gradientStride), s1);
        }

        if (TTaps.Count > 2)
        {
            Add<TSimd, TVector>(gradient + (2 * gradientStride), s2);
        }

        if (TTaps.Count > 3)
        {
            Add<TSimd, TVector>(gradient + (3 * gradientStride), s3);
        }

        if (TTaps.Count > 4)
        {
            Add<TSimd, TVector>(gradient + (4 * gradientStride), s4);
        }

        if (TTaps.Count > 5)
        {
            Add<TSimd, TVector>(gradient + (5 * gradientStride), s5);
        }

        if (TTaps.Count > 6)
        {
            Add<TSimd, TVector>(gradient + (6 * gradientStride), s6);
        }

        if (TTaps.Count > 7)
        {
            Add<TSimd, TVector>(gradient + (7 * gradientStride), s7);
        }

        if (TTaps.Count > 8)
        {
            Add<TSimd, TVector>(gradient + (8 * gradientStride), s8);
        }

        if (TTaps.Count > 9)
        {
            Add<TSimd, TVector>(gradient + (9 * gradientStride), s9);
        }

        if (TTaps.Count > 10)
        {
            Add<TSimd, TVector>(gradient + (10 * gradientStride), s10);
        }

        if (TTaps.Count > 11)
        {
            Add<TSimd, TVector>(gradient + (11 * gradientStride), s11);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector>(float* target, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.Store(target, TSimd.Add(TSimd.Load(target), sum));
}
