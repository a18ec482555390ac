using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>Sums over pixels for each channel.</summary>
internal static unsafe class ChannelSums
{
    /// <summary>Pixels whose sum is taken in single precision.</summary>
    private const int Few = 32;

    /// <summary>sums[c] += Σ x[p, c], or Σ x[p, c]·y[p, c].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<TSimd, TVector>(float* x, float* y, nint pixels, int channels, float* sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (int c = 0; c < channels; c += TSimd.Count)
        {
            TVector even = TSimd.Zero, odd = TSimd.Zero;
            nint p = 0;
            for (; p + 1 < pixels; p += 2)
            {
                nint at = (p * channels) + c;
                even = y is null ? TSimd.Add(even, TSimd.Load(x + at)) : TSimd.MultiplyAdd(TSimd.Load(x + at), TSimd.Load(y + at), even);
                at += channels;
                odd = y is null ? TSimd.Add(odd, TSimd.Load(x + at)) : TSimd.MultiplyAdd(TSimd.Load(x + at), TSimd.Load(y + at), odd);
            }

            if (p < pixels)
            {
                nint at = (p * channels) + c;
                even = y is null ? TSimd.Add(even, TSimd.Load(x + at)) : TSimd.MultiplyAdd(TSimd.Load(x + at), TSimd.Load(y + at), even);
            }

            TSimd.Store(sums + c, TSimd.Add(TSimd.Load(sums + c), TSimd.Add(even, odd)));
        }
    }

    /// <summary>
    /// sums[c] += Σ x[p, c] without a mean, else Σ (x[p, c] − mean[c])·y[p, c], where y without an address is the first
    /// factor again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<TSimd, TVector>(float* x, float* mean, float* y, nint pixels, int channels, double* sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* part = stackalloc float[TSimd.Count];
        for (nint first = 0; first < pixels; first += Few)
        {
            nint end = nint.Min(first + Few, pixels);
            for (int c = 0; c < channels; c += TSimd.Count)
            {
                TVector sum = TSimd.Zero;
                TVector centre = mean is null ? TSimd.Zero : TSimd.Load(mean + c);
                for (nint at = (first * channels) + c; at < end * channels; at += channels)
                {
                    TVector v = TSimd.Load(x + at);
                    if (mean is null)
                    {
                        sum = TSimd.Add(sum, v);
                    }
                    else
                    {
                        v = TSimd.Subtract(v, centre);
                        sum = TSimd.MultiplyAdd(v, y is null ? v : TSimd.Load(y + at), sum);
                    }
                }

                TSimd.Store(part, sum);
                for (int i = 0; i < TSimd.Count; i++)
                {
                    sums[c + i] += part[i];
                }
            }
        }
    }
}
