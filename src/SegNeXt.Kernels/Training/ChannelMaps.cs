using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>Maps of numbers to numbers that training needs, one after the other or with factors per channel.</summary>
internal static unsafe class ChannelMaps
{
    /// <summary>target = x · scale + shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Affine<TSimd, TVector>(float* x, float* scale, float* shift, float* target, nint pixels, int channels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (nint p = 0; p < pixels; p++)
        {
            for (int c = 0; c < channels; c += TSimd.Count)
            {
                TSimd.Store(target + c, TSimd.MultiplyAdd(TSimd.Load(x + c), TSimd.Load(scale + c), TSimd.Load(shift + c)));
            }

            x += channels;
            target += channels;
        }
    }

    /// <summary>target = plus + a·(dy − b − (x − mean)·k).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NormBackward<TSimd, TVector>(
        float* x, float* dy, float* plus, float* mean, float* a, float* b, float* k, float* target, nint pixels, int channels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (nint p = 0; p < pixels; p++)
        {
            for (int c = 0; c < channels; c += TSimd.Count)
            {
                TVector centred = TSimd.Subtract(TSimd.Load(x + c), TSimd.Load(mean + c));
                TVector d = TSimd.Subtract(TSimd.Load(dy + c), TSimd.Load(b + c));
                d = TSimd.Subtract(d, TSimd.Multiply(centred, TSimd.Load(k + c)));
                TVector sum = plus is null ? TSimd.Zero : TSimd.Load(plus + c);
                TSimd.Store(target + c, TSimd.MultiplyAdd(d, TSimd.Load(a + c), sum));
            }

            x += channels;
            dy += channels;
            plus = plus is null ? null : plus + channels;
            target += channels;
        }
    }

    /// <summary>target = d · GELU′(x), then x = GELU(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GeluBackward<TSimd, TVector>(float* x, float* d, float* target, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TVector v = TSimd.Load(x + i);
            TVector slope = GeluGradient.Apply<TSimd, TVector>(v);
            TVector value = SegNeXt.Kernels.Gelu.Apply<TSimd, TVector>(v);
            TSimd.Store(target + i, TSimd.Multiply(TSimd.Load(d + i), slope));
            TSimd.Store(x + i, value);
        }
    }

    /// <summary>target = (a + b) · GELU′(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GeluGradientOfSum<TSimd, TVector>(float* x, float* a, float* b, float* target, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TVector slope = GeluGradient.Apply<TSimd, TVector>(TSimd.Load(x + i));
            TSimd.Store(target + i, TSimd.Multiply(TSimd.Add(TSimd.Load(a + i), TSimd.Load(b + i)), slope));
        }
    }

    /// <summary>target = a · b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TSimd, TVector>(float* a, float* b, float* target, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TSimd.Store(target + i, TSimd.Multiply(TSimd.Load(a + i), TSimd.Load(b + i)));
        }
    }

    /// <summary>Copies a cache line of channels of each pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyPixels<TSimd, TVector>(float* x, nint stride, float* target, nint targetStride, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (; pixels > 0; pixels--, x += stride, target += targetStride)
        {
            for (int c = 0; c < TrainingShape.ChannelStep; c += TSimd.Count)
            {
                TSimd.Store(target + c, TSimd.Load(x + c));
            }
        }
    }

    /// <summary>target = x · numerator / denominator.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Ratio<TSimd, TVector>(float* x, float* numerator, float* denominator, float* target, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TSimd.Store(target + i, TSimd.Divide(TSimd.Multiply(TSimd.Load(x + i), TSimd.Load(numerator + i)), TSimd.Load(denominator + i)));
        }
    }

    /// <summary>The gradients of y = x · n / d: by n, by d, and by x in place of the one by y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RatioBackward<TSimd, TVector>(
        float* numerator, float* x, float* y, float* denominator, float* g, float* byNumerator, float* byDenominator, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TVector share = TSimd.Divide(TSimd.Load(g + i), TSimd.Load(denominator + i));
            TSimd.Store(byNumerator + i, TSimd.Multiply(share, TSimd.Load(x + i)));
            TSimd.Store(byDenominator + i, TSimd.Subtract(TSimd.Zero, TSimd.Multiply(share, TSimd.Load(y + i))));
            TSimd.Store(g + i, TSimd.Multiply(share, TSimd.Load(numerator + i)));
        }
    }

    /// <summary>target += f · x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled<TSimd, TVector>(float* x, float f, float* target, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector factor = TSimd.Broadcast(f);
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TSimd.Store(target + i, TSimd.MultiplyAdd(TSimd.Load(x + i), factor, TSimd.Load(target + i)));
        }
    }
}
