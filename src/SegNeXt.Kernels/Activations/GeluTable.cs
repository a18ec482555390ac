using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SegNeXt.Kernels;

/// <summary>
/// GELU where vectors can look a number up in a table of 32 that registers hold: half the arithmetic of
/// <see cref="Gelu"/>'s polynomial, within 4e-7 · max(1, |x|) of the value.
/// </summary>
/// <remarks>
/// erf(x / √2) / 2 is interpolated for x ≥ 0 by 32 cubics, each in the four Chebyshev nodes of a piece of width
/// 0.18 around i · 0.18, with u = x / 0.18 − i in [−½, ½]; the first, which is odd, in two. It is odd, and ½ beyond the last piece.
/// Adding 1.5 · 2²³ rounds x / 0.18 to i and leaves i in the lowest bits, which the look-up reads.
/// </remarks>
internal static unsafe class GeluTable
{
    private const float InverseWidth = 1 / 0.18f;
    private const float Rounder = 12582912f;

    private static ReadOnlySpan<float> Constant =>
    [
        0f, 7.142365e-2f, 1.405763e-1f, 2.0540132e-1f, 2.642373e-1f, 3.159397e-1f, 3.5992876e-1f, 3.9616522e-1f,
        4.2506623e-1f, 4.4738385e-1f, 4.640697e-1f, 4.7614828e-1f, 4.8461372e-1f, 4.9035817e-1f, 4.941323e-1f, 4.9653307e-1f,
        4.9801165e-1f, 4.9889335e-1f, 4.9940237e-1f, 4.996869e-1f, 4.998409e-1f, 4.999216e-1f, 4.9996254e-1f, 4.9998263e-1f,
        4.999922e-1f, 4.999966e-1f, 4.9999857e-1f, 4.999994e-1f, 4.9999976e-1f, 4.999999e-1f, 4.9999997e-1f, 5e-1f,
    ];

    private static ReadOnlySpan<float> Linear =>
    [
        7.18096e-2f, 7.065566e-2f, 6.73039e-2f, 6.2067237e-2f, 5.5413228e-2f, 4.789535e-2f, 4.0077638e-2f, 3.2466818e-2f,
        2.5462802e-2f, 1.93331e-2f, 1.42110335e-2f, 1.0112968e-2f, 6.967235e-3f, 4.6469825e-3f, 3.0006166e-3f, 1.8757662e-3f,
        1.1352088e-3f, 6.651223e-4f, 3.7727327e-4f, 2.0717595e-4f, 1.101416e-4f, 5.6688128e-5f, 2.8246299e-5f, 1.3625727e-5f,
        6.36336e-6f, 2.877014e-6f, 1.2592908e-6f, 5.3362817e-7f, 2.1891728e-7f, 8.6946066e-8f, 3.3430922e-8f, 1.2444438e-8f,
    ];

    private static ReadOnlySpan<float> Quadratic =>
    [
        0f, -1.1423317e-3f, -2.1764266e-3f, -3.0109594e-3f, -3.5847684e-3f, -3.873793e-3f, -3.8907274e-3f, -3.6782273e-3f,
        -3.2979138e-3f, -2.8180485e-3f, -2.302557e-3f, -1.8032475e-3f, -1.3559508e-3f, -9.802885e-4f, -6.820783e-4f, -4.571312e-4f,
        -2.9529817e-4f, -1.839622e-4f, -1.1057039e-4f, -6.414375e-5f, -3.592633e-5f, -1.9432646e-5f, -1.0153431e-5f, -5.125581e-6f,
        -2.5003415e-6f, -1.1788228e-6f, -5.372172e-7f, -2.3667697e-7f, -1.00812294e-7f, -4.152066e-8f, -1.6536585e-8f, -6.369306e-9f,
    ];

    private static ReadOnlySpan<float> Cubic =>
    [
        -3.873012e-4f, -3.687454e-4f, -3.160098e-4f, -2.3724836e-4f, -1.4409058e-4f, -4.9266502e-5f, 3.578124e-5f, 1.027344e-4f,
        1.4733293e-4f, 1.6933768e-4f, 1.7171197e-4f, 1.593691e-4f, 1.3786188e-4f, 1.1231063e-4f, 8.672854e-5f, 6.376316e-5f,
        4.4770328e-5f, 3.0089443e-5f, 1.9390725e-5f, 1.19982105e-5f, 7.135891e-6f, 4.082889e-6f, 2.248982e-6f, 1.1933364e-6f,
        6.102634e-7f, 3.009094e-7f, 1.4311284e-7f, 6.56727e-8f, 2.908545e-8f, 1.2435348e-8f, 5.13364e-9f, 2.046736e-9f,
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
            TVector p = TSimd.Lookup(index, cubicLow, cubicHigh);
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
