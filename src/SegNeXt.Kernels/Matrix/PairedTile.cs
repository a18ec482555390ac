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

    // Of a block, in the order pair, alone, pair, pair, alone, pair and so on.
    private const int Pairs = 11;

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
        TVector low = TSimd.Load(bias), low2;
        TVector high = TWidth.Count > 1 ? TSimd.Load(bias + TSimd.Count) : TSimd.Zero, high2;
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
                for (int pair = 0; pair < Pairs; pair++)
                {
                    low = TSimd.Load(b);
                    high = TWidth.Count > 1 ? TSimd.Load(b + TSimd.Count) : TSimd.Zero;
                    low2 = TSimd.Load(b + (Distance * TWidth.Count * TSimd.Count));
                    high2 = TWidth.Count > 1 ? TSimd.Load(b + (Distance * TWidth.Count * TSimd.Count) + TSimd.Count) : TSimd.Zero;
                    b += TWidth.Count * TSimd.Count;
                    l0 = Pair<TSimd, TVector>(a0, low, low2, l0);
                    if (TRows.Count >= 4)
                    {
                        l1 = Pair<TSimd, TVector>(a0 + stride, low, low2, l1);
                        l2 = Pair<TSimd, TVector>(a0 + (2 * stride), low, low2, l2);
                        l3 = Pair<TSimd, TVector>(a3, low, low2, l3);
                    }

                    if (TRows.Count >= 8)
                    {
                        l4 = Pair<TSimd, TVector>(a3 + stride, low, low2, l4);
                        l5 = Pair<TSimd, TVector>(a3 + (2 * stride), low, low2, l5);
                        l6 = Pair<TSimd, TVector>(a6, low, low2, l6);
                        l7 = Pair<TSimd, TVector>(a6 + stride, low, low2, l7);
                    }

                    if (TRows.Count >= 12)
                    {
                        l8 = Pair<TSimd, TVector>(a6 + (2 * stride), low, low2, l8);
                        l9 = Pair<TSimd, TVector>(a9, low, low2, l9);
                        l10 = Pair<TSimd, TVector>(a9 + stride, low, low2, l10);
                        l11 = Pair<TSimd, TVector>(a9 + (2 * stride), low, low2, l11);
                    }

                    if (TWidth.Count > 1)
                    {
                        h0 = Pair<TSimd, TVector>(again0, high, high2, h0);
                        if (TRows.Count >= 4)
                        {
                            h1 = Pair<TSimd, TVector>(again0 + stride, high, high2, h1);
                            h2 = Pair<TSimd, TVector>(again0 + (2 * stride), high, high2, h2);
                            h3 = Pair<TSimd, TVector>(again3, high, high2, h3);
                        }

                        if (TRows.Count >= 8)
                        {
                            h4 = Pair<TSimd, TVector>(again3 + stride, high, high2, h4);
                            h5 = Pair<TSimd, TVector>(again3 + (2 * stride), high, high2, h5);
                            h6 = Pair<TSimd, TVector>(again6, high, high2, h6);
                            h7 = Pair<TSimd, TVector>(again6 + stride, high, high2, h7);
                        }

                        if (TRows.Count >= 12)
                        {
                            h8 = Pair<TSimd, TVector>(again6 + (2 * stride), high, high2, h8);
                            h9 = Pair<TSimd, TVector>(again9, high, high2, h9);
                            h10 = Pair<TSimd, TVector>(again9 + stride, high, high2, h10);
                            h11 = Pair<TSimd, TVector>(again9 + (2 * stride), high, high2, h11);
                        }
                    }

                    a0++;
                    a3++;
                    a6++;
                    a9++;
                    again0++;
                    again3++;
                    again6++;
                    again9++;
                    if (pair % 2 != 0 || pair == Pairs - 1)
                    {
                        continue;
                    }

                    low = TSimd.Load(b);
                    high = TWidth.Count > 1 ? TSimd.Load(b + TSimd.Count) : TSimd.Zero;
                    low2 = TSimd.Load(b + (Distance * TWidth.Count * TSimd.Count));
                    high2 = TWidth.Count > 1 ? TSimd.Load(b + (Distance * TWidth.Count * TSimd.Count) + TSimd.Count) : TSimd.Zero;
                    b += TWidth.Count * TSimd.Count;
                    l0 = Both<TSimd, TVector>(a0, low, low2, l0);
                    if (TRows.Count >= 4)
                    {
                        l1 = Both<TSimd, TVector>(a0 + stride, low, low2, l1);
                        l2 = Both<TSimd, TVector>(a0 + (2 * stride), low, low2, l2);
                        l3 = Both<TSimd, TVector>(a3, low, low2, l3);
                    }

                    if (TRows.Count >= 8)
                    {
                        l4 = Both<TSimd, TVector>(a3 + stride, low, low2, l4);
                        l5 = Both<TSimd, TVector>(a3 + (2 * stride), low, low2, l5);
                        l6 = Both<TSimd, TVector>(a6, low, low2, l6);
                        l7 = Both<TSimd, TVector>(a6 + stride, low, low2, l7);
                    }

                    if (TRows.Count >= 12)
                    {
                        l8 = Both<TSimd, TVector>(a6 + (2 * stride), low, low2, l8);
                        l9 = Both<TSimd, TVector>(a9, low, low2, l9);
                        l10 = Both<TSimd, TVector>(a9 + stride, low, low2, l10);
                        l11 = Both<TSimd, TVector>(a9 + (2 * stride), low, low2, l11);
                    }

                    if (TWidth.Count > 1)
                    {
                        h0 = Both<TSimd, TVector>(again0, high, high2, h0);
                        if (TRows.Count >= 4)
                        {
                            h1 = Both<TSimd, TVector>(again0 + stride, high, high2, h1);
                            h2 = Both<TSimd, TVector>(again0 + (2 * stride), high, high2, h2);
                            h3 = Both<TSimd, TVector>(again3, high, high2, h3);
                        }

                        if (TRows.Count >= 8)
                        {
                            h4 = Both<TSimd, TVector>(again3 + stride, high, high2, h4);
                            h5 = Both<TSimd, TVector>(again3 + (2 * stride), high, high2, h5);
                            h6 = Both<TSimd, TVector>(again6, high, high2, h6);
                            h7 = Both<TSimd, TVector>(again6 + stride, high, high2, h7);
                        }

                        if (TRows.Count >= 12)
                        {
                            h8 = Both<TSimd, TVector>(again6 + (2 * stride), high, high2, h8);
                            h9 = Both<TSimd, TVector>(again9, high, high2, h9);
                            h10 = Both<TSimd, TVector>(again9 + stride, high, high2, h10);
                            h11 = Both<TSimd, TVector>(again9 + (2 * stride), high, high2, h11);
                        }
                    }

                    a0++;
                    a3++;
                    a6++;
                    a9++;
                    again0++;
                    again3++;
                    again6++;
                    again9++;
                }

                // The partners are done too.
                b += Distance * TWidth.Count * TSimd.Count;
                a0 += Distance;
                a3 += Distance;
                a6 += Distance;
                a9 += Distance;
                again0 += Distance;
                again3 += Distance;
                again6 += Distance;
                again9 += Distance;
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

    /// <summary>sum + (a₁ + b₂)·(a₂ + b₁).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pair<TSimd, TVector>(float* a, TVector first, TVector second, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.MultiplyAdd(TSimd.Add(TSimd.Broadcast(a[0]), second), TSimd.Add(TSimd.Broadcast(a[Distance]), first), sum);

    /// <summary>sum + a₁·b₁ + a₂·b₂.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Both<TSimd, TVector>(float* a, TVector first, TVector second, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.MultiplyAdd(TSimd.Broadcast(a[Distance]), second, TSimd.MultiplyAdd(TSimd.Broadcast(a[0]), first, sum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TSimd, TVector, TWidth, TEpilogue>(
        float* target, nint vectorStride, int row, int column, float* end, TVector low, TVector high, TVector lowUnit, TVector highUnit, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TWidth : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        epilogue.Store<TSimd, TVector>(target, row, column, TSimd.Multiply(TSimd.Add(low, TSimd.Broadcast(*end)), lowUnit));
        if (TWidth.Count > 1)
        {
            epilogue.Store<TSimd, TVector>(target + vectorStride, row, column + TSimd.Count, TSimd.Multiply(TSimd.Add(high, TSimd.Broadcast(*end)), highUnit));
        }
    }
}
