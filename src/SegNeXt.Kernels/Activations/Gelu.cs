using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>The exact GELU, x/2 · (1 + erf(x / √2)), within 1e-6 · max(1, |x|) of its value.</summary>
/// <remarks>
/// erf(x / √2) is x · P(x²). P is interpolated in Chebyshev's nodes with degree 14 where |x| ≤ L = 3.95 · √2, beyond which
/// erf is ±1 to single precision, and is written in u = 2x² / L² − 1: in powers of u its coefficients stay below 0.26, so
/// that Horner's rule loses nothing. 14 fused multiply-adds; no division and no table.
/// </remarks>
internal static class Gelu
{
    private const float Limit = 5.586143493652344f;
    private const float Scale = 0.06409229338169098f;

    /// <summary>GELU of each place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector magnitude = TSimd.Abs(x);
        TVector half = TSimd.Multiply(x, TSimd.Broadcast(0.5f));
        TVector halfMagnitude = TSimd.Multiply(magnitude, TSimd.Broadcast(0.5f));
        TVector z = TSimd.Min(magnitude, TSimd.Broadcast(Limit));
        TVector u = TSimd.MultiplyAdd(TSimd.Multiply(z, z), TSimd.Broadcast(Scale), TSimd.Broadcast(-1f));

        // Horner's rule, from the highest power down.
        TVector p = TSimd.Broadcast(0.0016331562073901296f);
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(-0.0036243232898414135f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(0.0015595756703987718f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(-0.00196837168186903f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(0.010469361208379269f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(-0.017683090642094612f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(0.021771088242530823f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(-0.030149217694997787f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(0.04172396659851074f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(-0.05280511826276779f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(0.0639772117137909f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(-0.07679515331983566f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(0.09417030960321426f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(-0.12640976905822754f));
        p = TSimd.MultiplyAdd(p, u, TSimd.Broadcast(0.253144770860672f));
        return TSimd.MultiplyAdd(TSimd.Multiply(halfMagnitude, z), p, half);
    }

    /// <summary>GELU of numbers in place; a tail shorter than a vector goes through one vector on the stack.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run<TSimd, TVector>(float* values, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint i = 0;
        for (; i + (2 * TSimd.Count) <= count; i += 2 * TSimd.Count)
        {
            // Two at a time: Horner's rule is one chain of dependent operations.
            TVector a = Apply<TSimd, TVector>(TSimd.Load(values + i));
            TVector b = Apply<TSimd, TVector>(TSimd.Load(values + i + TSimd.Count));
            TSimd.Store(values + i, a);
            TSimd.Store(values + i + TSimd.Count, b);
        }

        float* tail = stackalloc float[TSimd.Count];
        for (; i < count; i += TSimd.Count)
        {
            nint rest = nint.Min(count - i, TSimd.Count);
            new Span<float>(tail, TSimd.Count).Clear();
            new Span<float>(values + i, (int)rest).CopyTo(new Span<float>(tail, TSimd.Count));
            TSimd.Store(tail, Apply<TSimd, TVector>(TSimd.Load(tail)));
            new Span<float>(tail, (int)rest).CopyTo(new Span<float>(values + i, (int)rest));
        }
    }
}
