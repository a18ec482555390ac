using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SegNeXt.Kernels;

/// <summary>
/// GELU where vectors can look a number up in a table of 32 that registers hold: half the arithmetic of
/// <see cref="Gelu"/>'s polynomial, within 2e-7 · max(1, |x|) of the value.
/// </summary>
/// <remarks>
/// erf(x / √2) / 2 is interpolated for x ≥ 0 by 32 quartics, each in the five Chebyshev nodes of a piece of width
/// 0.18 around i · 0.18, with u = x / 0.18 − i in [−½, ½]; the first, which is odd, by a cubic in two. It is odd, and ½ beyond the last piece.
/// Adding 1.5 · 2²³ rounds x / 0.18 to i and leaves i in the lowest bits, which the look-up reads.
/// </remarks>
internal static unsafe class GeluTable
{
    private const float InverseWidth = 1 / 0.18f;
    private const float Rounder = 12582912f;

    private static ReadOnlySpan<float> Constant =>
    [
        0f, 7.142372e-2f, 1.4057644e-1f, 2.054015e-1f, 2.6423752e-1f, 3.1593987e-1f, 3.599289e-1f, 3.9616534e-1f,
        4.2506632e-1f, 4.4738388e-1f, 4.640697e-1f, 4.7614825e-1f, 4.8461366e-1f, 4.9035814e-1f, 4.9413225e-1f, 4.9653304e-1f,
        4.9801162e-1f, 4.9889332e-1f, 4.9940234e-1f, 4.996869e-1f, 4.998409e-1f, 4.999216e-1f, 4.9996254e-1f, 4.9998263e-1f,
        4.999922e-1f, 4.999966e-1f, 4.9999857e-1f, 4.999994e-1f, 4.9999976e-1f, 4.999999e-1f, 4.9999997e-1f, 5e-1f,
    ];

    private static ReadOnlySpan<float> Linear =>
    [
        7.18096e-2f, 7.065564e-2f, 6.730389e-2f, 6.206723e-2f, 5.5413228e-2f, 4.7895357e-2f, 4.007765e-2f, 3.2466833e-2f,
        2.5462816e-2f, 1.9333111e-2f, 1.4211042e-2f, 1.0112973e-2f, 6.9672368e-3f, 4.6469825e-3f, 3.000615e-3f, 1.8757639e-3f,
        1.1352062e-3f, 6.6511997e-4f, 3.7727132e-4f, 2.0717447e-4f, 1.1014054e-4f, 5.668742e-5f, 2.824585e-5f, 1.3625456e-5f,
        6.3632033e-6f, 2.8769275e-6f, 1.2592453e-6f, 5.3360515e-7f, 2.1890611e-7f, 8.694085e-8f, 3.3428584e-8f, 1.244343e-8f,
    ];

    private static ReadOnlySpan<float> Quadratic =>
    [
        0f, -1.1446209e-3f, -2.1806452e-3f, -3.016466e-3f, -3.5907754e-3f, -3.8795215e-3f, -3.895545e-3f, -3.681736e-3f,
        -3.2999786e-3f, -2.8187658e-3f, -2.3021875e-3f, -1.8021313e-3f, -1.354431e-3f, -9.786552e-4f, -6.8054046e-4f, -4.5581174e-4f,
        -2.9424657e-4f, -1.8317503e-4f, -1.1001315e-4f, -6.376894e-5f, -3.5686e-5f, -1.9285379e-5f, -1.0067029e-5f, -5.076974e-6f,
        -2.4740903e-6f, -1.1651991e-6f, -5.3041776e-7f, -2.334112e-7f, -9.930196e-8f, -4.0847763e-8f, -1.6247652e-8f, -6.2496945e-9f,
    ];

    private static ReadOnlySpan<float> Cubic =>
    [
        -3.873012e-4f, -3.6863712e-4f, -3.1592752e-4f, -2.3720307e-4f, -1.4408574e-4f, -4.9297938e-5f, 3.5723555e-5f, 1.0266342e-4f,
        1.4726144e-4f, 1.6927581e-4f, 1.7166582e-4f, 1.5934059e-4f, 1.3784957e-4f, 1.1231092e-4f, 8.6737076e-5f, 6.377585e-5f,
        4.478398e-5f, 3.0101977e-5f, 1.940108e-5f, 1.20060995e-5f, 7.1415075e-6f, 4.086657e-6f, 2.2513768e-6f, 1.1947841e-6f,
        6.110981e-7f, 3.0136943e-7f, 1.4335558e-7f, 6.57955e-8f, 2.9145072e-8f, 1.2463157e-8f, 5.1461106e-9f, 2.0521158e-9f,
    ];

    private static ReadOnlySpan<float> Quartic =>
    [
        0f, 9.156013e-6f, 1.6872951e-5f, 2.202505e-5f, 2.4026387e-5f, 2.2912927e-5f, 1.9269091e-5f, 1.4034705e-5f,
        8.258474e-6f, 2.8697386e-6f, -1.4773531e-6f, -4.463943e-6f, -6.078838e-6f, -6.532731e-6f, -6.1511487e-6f, -5.2776877e-6f,
        -4.206445e-6f, -3.14877e-6f, -2.2290815e-6f, -1.4993392e-6f, -9.614058e-7f, -5.8913605e-7f, -3.4565565e-7f, -1.9446068e-7f,
        -1.05025215e-7f, -5.450643e-8f, -2.7204525e-8f, -1.3066666e-8f, -6.043183e-9f, -2.6924996e-9f, -1.1561565e-9f, -4.7863946e-10f,
    ];

    /// <summary>GELU of as many whole vectors as there are.</summary>
    /// <param name="source">The numbers.</param>
    /// <param name="target">Their GELU; may be the same memory.</param>
    /// <param name="count">How many.</param>
    /// <returns>How many are done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static nint Run<TSimd, TVector>(float* source, float* target, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        // In variables, not in a struct: the registers hold them for the whole loop.
        TVector constantLow = Half<TSimd, TVector>(Constant, 0), constantHigh = Half<TSimd, TVector>(Constant, 1);
        TVector linearLow = Half<TSimd, TVector>(Linear, 0), linearHigh = Half<TSimd, TVector>(Linear, 1);
        TVector quadraticLow = Half<TSimd, TVector>(Quadratic, 0), quadraticHigh = Half<TSimd, TVector>(Quadratic, 1);
        TVector cubicLow = Half<TSimd, TVector>(Cubic, 0), cubicHigh = Half<TSimd, TVector>(Cubic, 1);
        TVector quarticLow = Half<TSimd, TVector>(Quartic, 0), quarticHigh = Half<TSimd, TVector>(Quartic, 1);
        TVector inverseWidth = TSimd.Broadcast(InverseWidth), rounder = TSimd.Broadcast(Rounder);
        TVector limit = TSimd.Broadcast(Gelu.Limit), half = TSimd.Broadcast(0.5f);
        nint i = 0;
        for (; i + TSimd.Count <= count; i += TSimd.Count)
        {
            TVector x = TSimd.Load(source + i);
            TVector magnitude = TSimd.Abs(x);
            TVector z = TSimd.Min(magnitude, limit);
            TVector index = TSimd.MultiplyAdd(z, inverseWidth, rounder);
            TVector u = TSimd.MultiplySubtract(z, inverseWidth, TSimd.Subtract(index, rounder));
            TVector p = TSimd.Lookup(index, quarticLow, quarticHigh);
            p = TSimd.MultiplyAdd(p, u, TSimd.Lookup(index, cubicLow, cubicHigh));
            p = TSimd.MultiplyAdd(p, u, TSimd.Lookup(index, quadraticLow, quadraticHigh));
            p = TSimd.MultiplyAdd(p, u, TSimd.Lookup(index, linearLow, linearHigh));
            p = TSimd.MultiplyAdd(p, u, TSimd.Lookup(index, constantLow, constantHigh));
            TSimd.Store(target + i, TSimd.MultiplyAdd(magnitude, p, TSimd.Multiply(x, half)));
        }

        return i;
    }

    // Constant data has one address for good.
    private static TVector Half<TSimd, TVector>(ReadOnlySpan<float> table, int half)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Load((float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(table)) + (half * TSimd.Count));
}
