using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>The derivative of the exact GELU, Φ(x) + x·φ(x), within 1e-6 of its value.</summary>
/// <remarks>
/// Φ(x) + x·φ(x) − 1/2 is odd: x · Q(x²). Q is interpolated in Chebyshev's nodes with degree 16 where |x| ≤ L, beyond which
/// the derivative is 0 or 1 to single precision; L and the variable u = 2x² / L² − 1 are those of <see cref="Gelu"/>. No
/// exponential, and half of the work is shared with the value.
/// </remarks>
internal static class GeluGradient
{
    /// <summary>The derivative at each place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector z = TSimd.Max(TSimd.Min(x, TSimd.Broadcast(Gelu.Limit)), TSimd.Broadcast(-Gelu.Limit));
        TVector u = TSimd.MultiplyAdd(TSimd.Multiply(z, z), TSimd.Broadcast(Gelu.Scale), TSimd.Broadcast(-1f));
        TVector q = TSimd.Broadcast(0.003515805583447218f);
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(-0.007970545440912247f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(0.00229206052608788f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(-0.001642630435526371f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(0.02264110930263996f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(-0.03878844529390335f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(0.040126290172338486f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(-0.050415702164173126f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(0.06731779128313065f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(-0.07421702146530151f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(0.07181844860315323f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(-0.06533008813858032f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(0.05719602108001709f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(-0.05134640261530876f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(0.05205272138118744f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(-0.06447778642177582f));
        q = TSimd.MultiplyAdd(q, u, TSimd.Broadcast(0.1267356425523758f));
        return TSimd.MultiplyAdd(z, q, TSimd.Broadcast(0.5f));
    }
}
