using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// <see cref="MatrixTile"/> with half of its multiplications for two thirds of the numbers, after S. Winograd, "A new algorithm for inner
/// product", 1968: a₁·b₁ + a₂·b₂ = (a₁ + b₂)·(a₂ + b₁) − a₁·a₂ − b₁·b₂. What is taken off depends on a row of A alone or on a
/// column of B alone, and is known before the tile begins (<see cref="PairedSums"/>).
/// </summary>
/// <remarks>
/// A pair costs one multiply-add and two additions for two multiply-adds. Processors that add in other units than they multiply in are as
/// fast with all in pairs as with none, and half as fast again with two pairs of three: four multiply-adds and four additions for six
/// multiply-adds. So of each block's sixteen pairs five are multiplied one by one (<see cref="PairedSums.Alone"/>).
/// <para>
/// Pairs and single ones take turns row by row, in threes: a core looks no further ahead than some sixty vector instructions, and a whole step of
/// 24 pairs, or of 48 multiply-adds, would keep one kind of unit waiting. A vector of B at a time, six of them and 24 sums fill the registers but for two.
/// </para>
/// <para>
/// With all units at work there is no room for an instruction that spreads a number of A over a register. The two additions that it counts
/// for, one for each vector of B, spread it themselves while they read it. For that the JIT must not know
/// that both read the same address: the second vector's is told by a distance that is 0, in a variable.
/// It must not see many more calls either, or it stops inlining them.
/// </para>
/// </remarks>
internal static unsafe class PairedTile
{
    /// <summary>Numbers of a row from one of a pair to the other. A row is made of blocks of twice as many.</summary>
    public const int Distance = 16;

    // Of a block, and then one pair more.
    private const int Threes = 5;

    /// <summary>Computes one tile and hands it to the epilogue, vector by vector.</summary>
    /// <param name="a">Where A's numbers are: segments of whole blocks, in neighbouring places.</param>
    /// <param name="b">The panel of B: for each k its vectors, one after the other.</param>
    /// <param name="bias">What the sums of each column begin with.</param>
    /// <param name="ends">What the sums of each row get at the end.</param>
    /// <param name="units">What the sums of each column are then multiplied by.</param>
    /// <param name="target">C's first row of the tile at the panel's first column.</param>
    /// <param name="targetStride">Floats from one row of C to the next.</param>
    /// <param name="vectorStride">Floats from one vector of a row of C to the next.</param>
    /// <param name="row">That row.</param>
    /// <param name="column">The panel's first column.</param>
    /// <param name="epilogue">What is done with each sum before it is stored.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector, TRows, TWidth, TEpilogue>(
        in MatrixRows a, float* b, float* bias, float* ends, float* units, float* target, nint targetStride, nint vectorStride, int row, int column, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TWidth : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        bias += column;
        TVector low = TSimd.Load(bias), high = TWidth.Count > 1 ? TSimd.Load(bias + TSimd.Count) : TSimd.Zero;
        TVector l0 = low, h0 = high, l1 = low, h1 = high, l2 = low, h2 = high, l3 = low, h3 = high;
        TVector l4 = low, h4 = high, l5 = low, h5 = high, l6 = low, h6 = high, l7 = low, h7 = high;
        TVector l8 = low, h8 = high, l9 = low, h9 = high, l10 = low, h10 = high, l11 = low, h11 = high;
        nint stride = a.RowStride;
        nint zero = a.Step - 1;
        for (int segment = 0; segment < a.Segments; segment++)
        {
            float* a0 = a.Start + (segment * a.SegmentStride);
            float* a3 = a0 + (3 * stride);
            float* a6 = a3 + (3 * stride);
            float* a9 = a6 + (3 * stride);
            float* again0 = a0 + zero;
            float* again3 = a3 + zero;
            float* again6 = a6 + zero;
            float* again9 = a9 + zero;
            for (int k = a.Depth; k > 0; k -= 2 * Distance)
            {
                for (int three = 0; three < Threes; three++)
                {
                    Rows<TSimd, TVector, TRows, TWidth>(isThree: true, a0, a3, a6, a9, stride, b, ref l0, ref l1, ref l2, ref l3, ref l4, ref l5, ref l6, ref l7, ref l8, ref l9, ref l10, ref l11);
                    if (TWidth.Count > 1)
                    {
                        Rows<TSimd, TVector, TRows, TWidth>(isThree: true, again0, again3, again6, again9, stride, b + TSimd.Count, ref h0, ref h1, ref h2, ref h3, ref h4, ref h5, ref h6, ref h7, ref h8, ref h9, ref h10, ref h11);
                    }

                    b += 3 * TWidth.Count * TSimd.Count;
                    a0 += 3;
                    a3 += 3;
                    a6 += 3;
                    a9 += 3;
                    again0 += 3;
                    again3 += 3;
                    again6 += 3;
                    again9 += 3;
                }

                Rows<TSimd, TVector, TRows, TWidth>(isThree: false, a0, a3, a6, a9, stride, b, ref l0, ref l1, ref l2, ref l3, ref l4, ref l5, ref l6, ref l7, ref l8, ref l9, ref l10, ref l11);
                if (TWidth.Count > 1)
                {
                    Rows<TSimd, TVector, TRows, TWidth>(isThree: false, again0, again3, again6, again9, stride, b + TSimd.Count, ref h0, ref h1, ref h2, ref h3, ref h4, ref h5, ref h6, ref h7, ref h8, ref h9, ref h10, ref h11);
                }

                // The partners are done too.
                b += (Distance + 1) * TWidth.Count * TSimd.Count;
                a0 += Distance + 1;
                a3 += Distance + 1;
                a6 += Distance + 1;
                a9 += Distance + 1;
                again0 += Distance + 1;
                again3 += Distance + 1;
                again6 += Distance + 1;
                again9 += Distance + 1;
            }
        }

        low = TSimd.Load(units + column);
        high = TWidth.Count > 1 ? TSimd.Load(units + column + TSimd.Count) : TSimd.Zero;
        Finish<TSimd, TVector, TWidth, TEpilogue>(target, vectorStride, row, column, ends, l0, h0, low, high, epilogue);
        if (TRows.Count >= 4)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (1 * targetStride), vectorStride, row + 1, column, ends + 1, l1, h1, low, high, epilogue);
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (2 * targetStride), vectorStride, row + 2, column, ends + 2, l2, h2, low, high, epilogue);
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (3 * targetStride), vectorStride, row + 3, column, ends + 3, l3, h3, low, high, epilogue);
        }

        if (TRows.Count >= 8)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (4 * targetStride), vectorStride, row + 4, column, ends + 4, l4, h4, low, high, epilogue);
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (5 * targetStride), vectorStride, row + 5, column, ends + 5, l5, h5, low, high, epilogue);
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (6 * targetStride), vectorStride, row + 6, column, ends + 6, l6, h6, low, high, epilogue);
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (7 * targetStride), vectorStride, row + 7, column, ends + 7, l7, h7, low, high, epilogue);
        }

        if (TRows.Count >= 12)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (8 * targetStride), vectorStride, row + 8, column, ends + 8, l8, h8, low, high, epilogue);
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (9 * targetStride), vectorStride, row + 9, column, ends + 9, l9, h9, low, high, epilogue);
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (10 * targetStride), vectorStride, row + 10, column, ends + 10, l10, h10, low, high, epilogue);
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (11 * targetStride), vectorStride, row + 11, column, ends + 11, l11, h11, low, high, epilogue);
        }
    }

    /// <summary>Three pairs of each row, of which the second is multiplied one by one, or one pair, times one vector of B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows<TSimd, TVector, TRows, TWidth>(
        bool isThree,
        float* a0,
        float* a3,
        float* a6,
        float* a9,
        nint stride,
        float* b,
        ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3,
        ref TVector s4, ref TVector s5, ref TVector s6, ref TVector s7,
        ref TVector s8, ref TVector s9, ref TVector s10, ref TVector s11)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TWidth : struct, ITileSize
    {
        int next = TWidth.Count * TSimd.Count, partner = Distance * TWidth.Count * TSimd.Count;
        TVector p = TSimd.Load(b), p2 = TSimd.Load(b + partner);
        TVector q = isThree ? TSimd.Load(b + next) : p, q2 = isThree ? TSimd.Load(b + next + partner) : p;
        TVector r = isThree ? TSimd.Load(b + (2 * next)) : p, r2 = isThree ? TSimd.Load(b + (2 * next) + partner) : p;
        s0 = Row<TSimd, TVector>(isThree, a0, p, p2, q, q2, r, r2, s0);
        if (TRows.Count >= 4)
        {
            s1 = Row<TSimd, TVector>(isThree, a0 + stride, p, p2, q, q2, r, r2, s1);
            s2 = Row<TSimd, TVector>(isThree, a0 + (2 * stride), p, p2, q, q2, r, r2, s2);
            s3 = Row<TSimd, TVector>(isThree, a3, p, p2, q, q2, r, r2, s3);
        }

        if (TRows.Count >= 8)
        {
            s4 = Row<TSimd, TVector>(isThree, a3 + stride, p, p2, q, q2, r, r2, s4);
            s5 = Row<TSimd, TVector>(isThree, a3 + (2 * stride), p, p2, q, q2, r, r2, s5);
            s6 = Row<TSimd, TVector>(isThree, a6, p, p2, q, q2, r, r2, s6);
            s7 = Row<TSimd, TVector>(isThree, a6 + stride, p, p2, q, q2, r, r2, s7);
        }

        if (TRows.Count >= 12)
        {
            s8 = Row<TSimd, TVector>(isThree, a6 + (2 * stride), p, p2, q, q2, r, r2, s8);
            s9 = Row<TSimd, TVector>(isThree, a9, p, p2, q, q2, r, r2, s9);
            s10 = Row<TSimd, TVector>(isThree, a9 + stride, p, p2, q, q2, r, r2, s10);
            s11 = Row<TSimd, TVector>(isThree, a9 + (2 * stride), p, p2, q, q2, r, r2, s11);
        }
    }

    /// <summary>sum + (a₁ + p₂)·(a₂ + p₁), and of three + a₁·q₁ + a₂·q₂ of the numbers behind them, + (a₁ + r₂)·(a₂ + r₁) of those behind these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Row<TSimd, TVector>(
        bool isThree, float* a, TVector p, TVector p2, TVector q, TVector q2, TVector r, TVector r2, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        sum = Pair<TSimd, TVector>(a, p, p2, sum);
        if (!isThree)
        {
            return sum;
        }

        sum = TSimd.MultiplyAddSpread(a + 1, q, sum);
        sum = TSimd.MultiplyAddSpread(a + 1 + Distance, q2, sum);
        return Pair<TSimd, TVector>(a + 2, r, r2, sum);
    }

    /// <summary>sum + (a₁ + b₂)·(a₂ + b₁).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pair<TSimd, TVector>(float* a, TVector first, TVector second, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.MultiplyAdd(TSimd.AddSpread(a, second), TSimd.AddSpread(a + Distance, first), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TSimd, TVector, TWidth, TEpilogue>(
        float* target, nint vectorStride, int row, int column, float* end, TVector low, TVector high, TVector lowUnit, TVector highUnit, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TWidth : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        epilogue.Store<TSimd, TVector>(target, row, column, TSimd.Multiply(TSimd.AddSpread(end, low), lowUnit));
        if (TWidth.Count > 1)
        {
            epilogue.Store<TSimd, TVector>(target + vectorStride, row, column + TSimd.Count, TSimd.Multiply(TSimd.AddSpread(end, high), highUnit));
        }
    }
}
