using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// GELU where vectors can look a number up in a table of 32 that registers hold: half the arithmetic of
/// <see cref="Gelu"/>'s polynomial, within 3e-7 · max(1, |x|) of the value.
/// </summary>
/// <remarks>
/// erf(x / √2) / 2 is interpolated for x ≥ 0 by 32 cubics, each in the four Chebyshev nodes of a piece of width
/// 0.18 around i · 0.18, with u = x / 0.18 − i in [−½, ½]; the first is odd. The function is odd, and ½ beyond the last piece.
/// Adding 1.5 · 2²³ rounds x / 0.18 to i and leaves i in the lowest bits, which the look-up reads.
/// </remarks>
internal static unsafe class GeluTable
{
    /// <summary>Coefficients of the pieces.</summary>
    private static ReadOnlySpan<float> Pieces =>
    [
        // Of u⁰.
        0f, 7.142364e-2f, 0.1405763f, 0.20540132f, 0.2642373f, 0.3159397f, 0.35992876f, 0.39616522f,
        0.42506623f, 0.44738385f, 0.4640697f, 0.47614828f, 0.48461372f, 0.49035817f, 0.4941323f, 0.49653307f,
        0.49801165f, 0.49889335f, 0.49940237f, 0.4996869f, 0.4998409f, 0.4999216f, 0.49996254f, 0.49998263f,
        0.4999922f, 0.4999966f, 0.49999857f, 0.4999994f, 0.49999976f, 0.4999999f, 0.49999997f, 0.5f,
        // Of u.
        7.18096e-2f, 7.065565e-2f, 6.7303896e-2f, 6.2067233e-2f, 5.5413228e-2f, 4.789535e-2f, 4.0077638e-2f, 3.2466818e-2f,
        2.5462802e-2f, 1.9333102e-2f, 1.4211034e-2f, 1.0112969e-2f, 6.967236e-3f, 4.6469835e-3f, 3.000617e-3f, 1.8757667e-3f,
        1.135209e-3f, 6.651225e-4f, 3.7727342e-4f, 2.0717604e-4f, 1.1014164e-4f, 5.6688157e-5f, 2.8246315e-5f, 1.3625736e-5f,
        6.3633643e-6f, 2.877016e-6f, 1.2592918e-6f, 5.336286e-7f, 2.1891749e-7f, 8.694615e-8f, 3.3430958e-8f, 1.2444453e-8f,
        // Of u².
        0f, -1.1423316e-3f, -2.1764264e-3f, -3.0109591e-3f, -3.584768e-3f, -3.8737927e-3f, -3.8907272e-3f, -3.678227e-3f,
        -3.2979138e-3f, -2.8180485e-3f, -2.302557e-3f, -1.8032475e-3f, -1.355951e-3f, -9.802886e-4f, -6.8207836e-4f, -4.5713125e-4f,
        -2.9529823e-4f, -1.8396224e-4f, -1.1057042e-4f, -6.414377e-5f, -3.5926343e-5f, -1.9432655e-5f, -1.0153435e-5f, -5.125584e-6f,
        -2.500343e-6f, -1.1788236e-6f, -5.372176e-7f, -2.3667715e-7f, -1.0081238e-7f, -4.15207e-8f, -1.6536601e-8f, -6.369313e-9f,
        // Of u³.
        -3.873012e-4f, -3.6874536e-4f, -3.1600977e-4f, -2.3724834e-4f, -1.4409058e-4f, -4.9266513e-5f, 3.5781217e-5f, 1.02734375e-4f,
        1.473329e-4f, 1.6933765e-4f, 1.7171196e-4f, 1.5936908e-4f, 1.3786188e-4f, 1.1231063e-4f, 8.672854e-5f, 6.376316e-5f,
        4.477033e-5f, 3.0089448e-5f, 1.9390729e-5f, 1.1998213e-5f, 7.135893e-6f, 4.082891e-6f, 2.2489828e-6f, 1.193337e-6f,
        6.1026367e-7f, 3.0090956e-7f, 1.4311294e-7f, 6.5672744e-8f, 2.9085472e-8f, 1.2435358e-8f, 5.1336446e-9f, 2.046738e-9f,
    ];

    private const float InverseWidth = 1 / 0.18f;
    private const float Rounder = 12582912f;
    private const int Length = 32;

    // At an address that a cache line begins at, which the data of a program do not.
    private static readonly AlignedBuffer s_table = AlignedBuffer.From(Pieces);

    /// <summary>The coefficients, power by power.</summary>
    public static float* Table => s_table.Data;

    /// <summary>GELU of each place, the table in memory: for loops that need the registers.</summary>
    /// <param name="x">The numbers.</param>
    /// <param name="table"><see cref="Table"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector x, float* table)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => Apply<TSimd, TVector>(
            x,
            TSimd.Load(table),
            TSimd.Load(table + TSimd.Count),
            TSimd.Load(table + Length),
            TSimd.Load(table + Length + TSimd.Count),
            TSimd.Load(table + (2 * Length)),
            TSimd.Load(table + (2 * Length) + TSimd.Count),
            TSimd.Load(table + (3 * Length)),
            TSimd.Load(table + (3 * Length) + TSimd.Count));

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
        // In variables: the registers hold them for the whole loop.
        float* table = Table;
        TVector constantLow = TSimd.Load(table), constantHigh = TSimd.Load(table + TSimd.Count);
        TVector linearLow = TSimd.Load(table + Length), linearHigh = TSimd.Load(table + Length + TSimd.Count);
        TVector squareLow = TSimd.Load(table + (2 * Length)), squareHigh = TSimd.Load(table + (2 * Length) + TSimd.Count);
        TVector cubeLow = TSimd.Load(table + (3 * Length)), cubeHigh = TSimd.Load(table + (3 * Length) + TSimd.Count);
        nint i = 0;
        for (; i + TSimd.Count <= count; i += TSimd.Count)
        {
            TVector x = TSimd.Load(source + i);
            TSimd.Store(target + i, Apply<TSimd, TVector>(x, constantLow, constantHigh, linearLow, linearHigh, squareLow, squareHigh, cubeLow, cubeHigh));
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Apply<TSimd, TVector>(
        TVector x, TVector constantLow, TVector constantHigh, TVector linearLow, TVector linearHigh, TVector squareLow, TVector squareHigh, TVector cubeLow, TVector cubeHigh)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector magnitude = TSimd.Abs(x);
        TVector z = TSimd.Min(magnitude, TSimd.Broadcast(Gelu.Limit));
        TVector index = TSimd.MultiplyAdd(z, TSimd.Broadcast(InverseWidth), TSimd.Broadcast(Rounder));
        TVector u = TSimd.MultiplyAdd(z, TSimd.Broadcast(InverseWidth), TSimd.Subtract(TSimd.Broadcast(Rounder), index));
        TVector p = TSimd.Lookup(index, cubeLow, cubeHigh);
        p = TSimd.MultiplyAdd(p, u, TSimd.Lookup(index, squareLow, squareHigh));
        p = TSimd.MultiplyAdd(p, u, TSimd.Lookup(index, linearLow, linearHigh));
        p = TSimd.MultiplyAdd(p, u, TSimd.Lookup(index, constantLow, constantHigh));
        return TSimd.MultiplyAdd(magnitude, p, TSimd.Multiply(x, TSimd.Broadcast(0.5f)));
    }
}
