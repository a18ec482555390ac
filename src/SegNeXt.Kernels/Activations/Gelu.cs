using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>The exact GELU, x/2 · (1 + erf(x / √2)), within 1e-6 · max(1, |x|) of its value.</summary>
/// <remarks>
/// erf(x / √2) is x · P(x²). P is interpolated in Chebyshev's nodes with degree 14 where |x| ≤ L = 3.95 · √2, beyond which
/// erf is ±1 to single precision, and is written in u = 2x² / L² − 1: in powers of u its coefficients, halved, stay below 0.13, so
/// that Horner's rule loses nothing. 14 fused multiply-adds and u²; no division and no table.
/// </remarks>
internal static class Gelu
{
    /// <summary>L, from where on erf(x / √2) is 1 to single precision.</summary>
    public const float Limit = 5.586143493652344f;

    /// <summary>2 / L².</summary>
    public const float Scale = 0.06409229338169098f;

    /// <summary>GELU of each place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector magnitude = TSimd.Abs(x);
        TVector half = TSimd.Multiply(x, TSimd.Broadcast(0.5f));
        TVector z = TSimd.Min(magnitude, TSimd.Broadcast(Limit));
        TVector u = TSimd.MultiplyAdd(TSimd.Multiply(z, z), TSimd.Broadcast(Scale), TSimd.Broadcast(-1f));

        // Horner's rule for the even powers and for the odd ones: two chains of half the length, which the processor goes along at once.
        TVector square = TSimd.Multiply(u, u);
        TVector even = TSimd.Broadcast(0.0008165781036950648f), odd = TSimd.Broadcast(-0.0018121616449207067f);
        even = TSimd.MultiplyAdd(even, square, TSimd.Broadcast(0.0007797878351993859f));
        odd = TSimd.MultiplyAdd(odd, square, TSimd.Broadcast(-0.000984185840934515f));
        even = TSimd.MultiplyAdd(even, square, TSimd.Broadcast(0.005234680604189634f));
        odd = TSimd.MultiplyAdd(odd, square, TSimd.Broadcast(-0.008841545321047306f));
        even = TSimd.MultiplyAdd(even, square, TSimd.Broadcast(0.010885544121265411f));
        odd = TSimd.MultiplyAdd(odd, square, TSimd.Broadcast(-0.015074608847498894f));
        even = TSimd.MultiplyAdd(even, square, TSimd.Broadcast(0.02086198329925537f));
        odd = TSimd.MultiplyAdd(odd, square, TSimd.Broadcast(-0.026402559131383896f));
        even = TSimd.MultiplyAdd(even, square, TSimd.Broadcast(0.03198860585689545f));
        odd = TSimd.MultiplyAdd(odd, square, TSimd.Broadcast(-0.03839757665991783f));
        even = TSimd.MultiplyAdd(even, square, TSimd.Broadcast(0.04708515480160713f));
        odd = TSimd.MultiplyAdd(odd, square, TSimd.Broadcast(-0.06320488452911377f));
        even = TSimd.MultiplyAdd(even, square, TSimd.Broadcast(0.126572385430336f));
        TVector p = TSimd.MultiplyAdd(odd, u, even);
        return TSimd.MultiplyAdd(TSimd.Multiply(magnitude, z), p, half);
    }

    /// <summary>GELU of numbers; a tail shorter than a vector goes through one vector on the stack.</summary>
    /// <param name="source">The numbers.</param>
    /// <param name="target">Their GELU; may be the same memory.</param>
    /// <param name="count">How many.</param>
    public static unsafe void Run<TSimd, TVector>(float* source, float* target, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint i = WholeVectors<TSimd, TVector>(source, target, count);
        if (i < count)
        {
            int rest = (int)(count - i);
            float* tail = stackalloc float[TSimd.Count];
            new Span<float>(tail, TSimd.Count).Clear();
            new Span<float>(source + i, rest).CopyTo(new Span<float>(tail, TSimd.Count));
            WholeVectors<TSimd, TVector>(tail, tail, TSimd.Count);
            new Span<float>(tail, rest).CopyTo(new Span<float>(target + i, rest));
        }
    }

    /// <summary>GELU, by the polynomial, of vectors that lie one after the other.</summary>
    /// <param name="source">The vectors.</param>
    /// <param name="target">The first one's GELU; may be the same memory.</param>
    /// <param name="targetStride">Floats from one result to the next.</param>
    /// <param name="count">Number of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Polynomials<TSimd, TVector>(float* source, float* target, nint targetStride, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        // One at a time, though its operations depend on each other: the processor begins the next vectors meanwhile, and
        // of two at a time the JIT would keep the constants in registers, and the sums in memory.
        for (; count > 0; count--)
        {
            TSimd.Store(target, Apply<TSimd, TVector>(TSimd.Load(source)));
            source += TSimd.Count;
            target += targetStride;
        }
    }

    private static unsafe nint WholeVectors<TSimd, TVector>(float* source, float* target, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (TSimd.HasTables)
        {
            return GeluTable.Run<TSimd, TVector>(source, target, count);
        }

        nint vectors = count / TSimd.Count;
        Polynomials<TSimd, TVector>(source, target, TSimd.Count, vectors);
        return vectors * TSimd.Count;
    }
}
