using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>Kernels that go once over the channels of pixels: normalisations, sums, mixtures.</summary>
internal static unsafe class RowKernels
{
    /// <summary>y = max(x · scale + shift, 0), or of that plus another map's values; scale and shift are per channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaleShiftRelu<TSimd, TVector>(float* x, float* plus, float* scale, float* shift, float* target, nint pixels, int channels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (nint p = 0; p < pixels; p++)
        {
            for (int c = 0; c < channels; c += TSimd.Count)
            {
                TVector y = TSimd.MultiplyAdd(TSimd.Load(x + c), TSimd.Load(scale + c), TSimd.Load(shift + c));
                if (plus is not null)
                {
                    y = TSimd.Add(y, TSimd.Load(plus + c));
                }

                TSimd.Store(target + c, TSimd.Max(y, TSimd.Zero));
            }

            x += channels;
            target += channels;
            plus = plus is null ? null : plus + channels;
        }
    }

    /// <summary>Adds each channel's sum and sum of squares over pixels to doubles, through sums of few pixels in single precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ChannelSums<TSimd, TVector>(float* x, nint pixels, int channels, double* sums, double* squares)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        const int Few = 32;
        float* part = stackalloc float[2 * TSimd.Count];
        for (nint first = 0; first < pixels; first += Few)
        {
            nint count = nint.Min(Few, pixels - first);
            for (int c = 0; c < channels; c += TSimd.Count)
            {
                float* at = x + (first * channels) + c;
                TVector sum = TSimd.Zero, square = TSimd.Zero;
                for (nint p = 0; p < count; p++)
                {
                    TVector v = TSimd.Load(at);
                    sum = TSimd.Add(sum, v);
                    square = TSimd.MultiplyAdd(v, v, square);
                    at += channels;
                }

                TSimd.Store(part, sum);
                TSimd.Store(part + TSimd.Count, square);
                for (int i = 0; i < TSimd.Count; i++)
                {
                    sums[c + i] += part[i];
                    squares[c + i] += part[TSimd.Count + i];
                }
            }
        }
    }

    /// <summary>Layer norm over the channels of each pixel; places beyond the real channels become 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LayerNorm<TSimd, TVector>(float* x, float* gain, float* bias, float* target, int pixels, int channels, int padded, float epsilon)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float perChannel = 1f / channels;
        for (int p = 0; p < pixels; p++)
        {
            TVector sum = TSimd.Zero;
            for (int c = 0; c < padded; c += TSimd.Count)
            {
                sum = TSimd.Add(sum, TSimd.Load(x + c));
            }

            float mean = TSimd.Sum(sum) * perChannel;
            TVector means = TSimd.Broadcast(mean);
            TVector squares = TSimd.Zero;
            for (int c = 0; c < padded; c += TSimd.Count)
            {
                TVector d = TSimd.Subtract(TSimd.Load(x + c), means);
                squares = TSimd.MultiplyAdd(d, d, squares);
            }

            // The zeros that fill up the last vector have added mean² each.
            float variance = (TSimd.Sum(squares) - ((padded - channels) * mean * mean)) * perChannel;
            TVector inverse = TSimd.Broadcast(1f / MathF.Sqrt(MathF.Max(variance, 0) + epsilon));
            for (int c = 0; c < padded; c += TSimd.Count)
            {
                TVector d = TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + c), means), inverse);
                TSimd.Store(target + c, TSimd.MultiplyAdd(d, TSimd.Load(gain + c), TSimd.Load(bias + c)));
            }

            x += padded;
            target += padded;
        }
    }

    /// <summary>target += (1 − f)·a + f·b of two pixels, a fraction a pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddMix<TSimd, TVector>(float* row, int* first, int* second, float* fraction, float* target, int pixels, int channels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (int p = 0; p < pixels; p++)
        {
            float* a = row + ((nint)first[p] * channels);
            float* b = row + ((nint)second[p] * channels);
            TVector f = TSimd.Broadcast(fraction[p]);
            for (int c = 0; c < channels; c += TSimd.Count)
            {
                TVector x = TSimd.Load(a + c);
                TVector mixed = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Load(b + c), x), f, x);
                TSimd.Store(target + c, TSimd.Add(TSimd.Load(target + c), mixed));
            }

            target += channels;
        }
    }

    /// <summary>target = (1 − f)·a + f·b over two rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix<TSimd, TVector>(float* a, float* b, float fraction, float* target, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector f = TSimd.Broadcast(fraction);
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TVector x = TSimd.Load(a + i);
            TSimd.Store(target + i, TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Load(b + i), x), f, x));
        }
    }

    /// <summary>x = x · numerator / (denominator + ε): a multiplicative update of the factorisation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplicativeUpdate<TSimd, TVector>(float* x, float* numerator, float* denominator, float epsilon, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector e = TSimd.Broadcast(epsilon);
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TVector product = TSimd.Multiply(TSimd.Load(x + i), TSimd.Load(numerator + i));
            TSimd.Store(x + i, TSimd.Divide(product, TSimd.Add(TSimd.Load(denominator + i), e)));
        }
    }

    /// <summary>target += x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<TSimd, TVector>(float* x, float* target, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TSimd.Store(target + i, TSimd.Add(TSimd.Load(target + i), TSimd.Load(x + i)));
        }
    }
}
