using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// GELU where vectors can look a number up in a table of 32 that registers hold: half the arithmetic of
/// <see cref="Gelu"/>'s polynomial, within 3e-7 · max(1, |x|) of the value.
/// </summary>
/// <remarks>
/// GELU(x) = max(x, 0) − |x| · Φ(−|x|). With t = x / 0.18, −Φ(−|x|) is interpolated by 32 cubics, each in the four Chebyshev nodes of a
/// piece of width 1 around i, with u = |t| − i in [−½, ½]; in the first Φ − ½ is odd. Beyond the last piece |x| stays at its end.
/// Adding 1.5 · 2²³ rounds |t| to i and leaves i in the lowest bits, which the look-up reads. Whoever already has t, and takes the
/// result as a multiple of 0.18 too, saves two multiplications.
/// </remarks>
internal static unsafe class GeluTable
{
    /// <summary>Coefficients of the pieces.</summary>
    private static ReadOnlySpan<float> Pieces =>
    [
        // Of u⁰.
        -0.5f, -0.42857635f, -0.3594237f, -0.2945987f, -0.23576269f, -0.1840603f, -0.14007124f, -0.10383479f,
        -7.493377e-2f, -5.261616e-2f, -3.5930306e-2f, -2.385173e-2f, -1.5386287e-2f, -9.641819e-3f, -5.8676936e-3f, -3.4669326e-3f,
        -1.988343e-3f, -1.1066603e-3f, -5.976311e-4f, -3.1309397e-4f, -1.5910108e-4f, -7.8409576e-5f, -3.7472182e-5f, -1.7363773e-5f,
        -7.800641e-6f, -3.3972476e-6f, -1.4341623e-6f, -5.868268e-7f, -2.3271876e-7f, -8.944056e-8f, -3.331143e-8f, -1.2022196e-8f,
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
        -3.8730114e-4f, -3.6874536e-4f, -3.1600977e-4f, -2.3724834e-4f, -1.4409058e-4f, -4.9266513e-5f, 3.5781217e-5f, 1.02734375e-4f,
        1.473329e-4f, 1.6933765e-4f, 1.7171196e-4f, 1.5936908e-4f, 1.3786188e-4f, 1.1231063e-4f, 8.672854e-5f, 6.376316e-5f,
        4.477033e-5f, 3.0089448e-5f, 1.9390729e-5f, 1.1998213e-5f, 7.135893e-6f, 4.082891e-6f, 2.2489828e-6f, 1.193337e-6f,
        6.1026367e-7f, 3.009096e-7f, 1.4311294e-7f, 6.5672744e-8f, 2.9085474e-8f, 1.24353585e-8f, 5.133645e-9f, 2.0467386e-9f,
    ];

    /// <summary>The width of a piece: what the arguments and results of <c>InUnits</c> are multiples of.</summary>
    public const float Unit = 0.18f;

    private const float Rounder = 12582912f;
    private const int Length = 32;

    // At an address that a cache line begins at, which the data of a program do not.
    private static readonly AlignedBuffer s_table = AlignedBuffer.From(Pieces);

    /// <summary>The coefficients, power by power.</summary>
    public static float* Table => s_table.Data;

    /// <summary>
    /// GELU(t · <see cref="Unit"/>) / <see cref="Unit"/> of each place of one or two vectors, the table in memory: for loops that need the registers.
    /// Two take turns, since each step waits for the one before.
    /// </summary>
    /// <typeparam name="TSimd">The vectors.</typeparam>
    /// <typeparam name="TVector">One of them.</typeparam>
    /// <typeparam name="TCount">How many, 1 or 2.</typeparam>
    /// <param name="a">The first.</param>
    /// <param name="b">The second, if there is one.</param>
    /// <param name="table"><see cref="Table"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InUnits<TSimd, TVector, TCount>(ref TVector a, ref TVector b, float* table)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TCount : struct, ITileSize
    {
        TVector rounder = TSimd.Broadcast(Rounder), limit = TSimd.Broadcast(Gelu.Limit / Unit);
        TVector aMagnitude = TSimd.Min(TSimd.Abs(a), limit), bMagnitude = TCount.Count > 1 ? TSimd.Min(TSimd.Abs(b), limit) : aMagnitude;
        TVector aIndex = TSimd.Add(aMagnitude, rounder), bIndex = TCount.Count > 1 ? TSimd.Add(bMagnitude, rounder) : aIndex;
        TVector aRest = TSimd.Subtract(aIndex, rounder), bRest = TCount.Count > 1 ? TSimd.Subtract(bIndex, rounder) : aRest;
        aRest = TSimd.Subtract(aMagnitude, aRest);
        bRest = TCount.Count > 1 ? TSimd.Subtract(bMagnitude, bRest) : aRest;
        TVector p = Power<TSimd, TVector>(aIndex, table, 3), q = TCount.Count > 1 ? Power<TSimd, TVector>(bIndex, table, 3) : p;
        p = TSimd.MultiplyAdd(p, aRest, Power<TSimd, TVector>(aIndex, table, 2));
        q = TCount.Count > 1 ? TSimd.MultiplyAdd(q, bRest, Power<TSimd, TVector>(bIndex, table, 2)) : p;
        p = TSimd.MultiplyAdd(p, aRest, Power<TSimd, TVector>(aIndex, table, 1));
        q = TCount.Count > 1 ? TSimd.MultiplyAdd(q, bRest, Power<TSimd, TVector>(bIndex, table, 1)) : p;
        p = TSimd.MultiplyAdd(p, aRest, Power<TSimd, TVector>(aIndex, table, 0));
        q = TCount.Count > 1 ? TSimd.MultiplyAdd(q, bRest, Power<TSimd, TVector>(bIndex, table, 0)) : p;
        a = TSimd.MultiplyAdd(aMagnitude, p, TSimd.Max(TSimd.Zero, a));
        b = TCount.Count > 1 ? TSimd.MultiplyAdd(bMagnitude, q, TSimd.Max(TSimd.Zero, b)) : a;
    }

    /// <summary>The coefficients of a power, read where they are needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Power<TSimd, TVector>(TVector index, float* table, int power)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.Lookup(index, TSimd.Load(table + (power * Length)), TSimd.Load(table + (power * Length) + TSimd.Count));

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
            TVector t = TSimd.Multiply(TSimd.Load(source + i), TSimd.Broadcast(1 / Unit));
            TVector gelu = InUnits<TSimd, TVector>(t, constantLow, constantHigh, linearLow, linearHigh, squareLow, squareHigh, cubeLow, cubeHigh);
            TSimd.Store(target + i, TSimd.Multiply(gelu, TSimd.Broadcast(Unit)));
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector InUnits<TSimd, TVector>(
        TVector t, TVector constantLow, TVector constantHigh, TVector linearLow, TVector linearHigh, TVector squareLow, TVector squareHigh, TVector cubeLow, TVector cubeHigh)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        // Additions have pipes of their own: what can be one is no multiply-add.
        TVector magnitude = TSimd.Min(TSimd.Abs(t), TSimd.Broadcast(Gelu.Limit / Unit));
        TVector index = TSimd.Add(magnitude, TSimd.Broadcast(Rounder));
        TVector u = TSimd.Subtract(magnitude, TSimd.Subtract(index, TSimd.Broadcast(Rounder)));
        TVector p = TSimd.Lookup(index, cubeLow, cubeHigh);
        p = TSimd.MultiplyAdd(p, u, TSimd.Lookup(index, squareLow, squareHigh));
        p = TSimd.MultiplyAdd(p, u, TSimd.Lookup(index, linearLow, linearHigh));
        p = TSimd.MultiplyAdd(p, u, TSimd.Lookup(index, constantLow, constantHigh));

        // In this order of its operands Max hands on what is not a number.
        return TSimd.MultiplyAdd(magnitude, p, TSimd.Max(TSimd.Zero, t));
    }
}
