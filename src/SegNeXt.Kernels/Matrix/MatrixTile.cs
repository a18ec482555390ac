using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// The inner kernel of every dense convolution: a tile of up to 12 rows by one or two vectors, C = A · B, whose sums stay
/// in registers from the first product to the last. A step of k loads two vectors of B and one number of A a row, for two
/// multiply-adds a row: 12 × 2 vectors of AVX-512 keep both of a core's multipliers busy.
/// </summary>
/// <remarks>
/// One text for all tile sizes: what a size does not have is behind a comparison of constants, and the JIT leaves it out
/// together with its registers.
/// </remarks>
internal static unsafe class MatrixTile
{
    /// <summary>Computes one tile and hands it to the epilogue, vector by vector.</summary>
    /// <param name="a">Where A's numbers are.</param>
    /// <param name="b">The panel of B: for each k its vectors, one after the other.</param>
    /// <param name="target">C's first row of the tile at the panel's first column.</param>
    /// <param name="targetStride">Floats from one row of C to the next.</param>
    /// <param name="vectorStride">Floats from one vector of a row of C to the next: its length where rows lie together.</param>
    /// <param name="column">The panel's first column.</param>
    /// <param name="epilogue">What is done with each sum before it is stored.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector, TRows, TWidth, TEpilogue>(
        in MatrixRows a, float* b, float* target, nint targetStride, nint vectorStride, int column, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TWidth : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        TVector l0 = TSimd.Load(epilogue.Bias + column);
        TVector h0 = TWidth.Count > 1 ? TSimd.Load(epilogue.Bias + column + TSimd.Count) : TSimd.Zero;
        TVector l1 = l0, h1 = h0, l2 = l0, h2 = h0, l3 = l0, h3 = h0, l4 = l0, h4 = h0;
        TVector l5 = l0, h5 = h0, l6 = l0, h6 = h0, l7 = l0, h7 = h0, l8 = l0, h8 = h0;
        TVector l9 = l0, h9 = h0, l10 = l0, h10 = h0, l11 = l0, h11 = h0;
        nint stride = a.RowStride;
        nint step = a.Step;
        for (int segment = 0; segment < a.Segments; segment++)
        {
            // Four pointers and two distances reach all twelve rows with x86's address modes.
            float* a0 = a.Start + (segment * a.SegmentStride);
            float* a3 = a0 + (3 * stride);
            float* a6 = a3 + (3 * stride);
            float* a9 = a6 + (3 * stride);
            for (int k = a.Depth; k > 0; k--)
            {
                TVector low = TSimd.Load(b);
                TVector high = TWidth.Count > 1 ? TSimd.Load(b + TSimd.Count) : TSimd.Zero;
                b += TWidth.Count * TSimd.Count;
                TVector x = TSimd.Broadcast(a0[0]);
                l0 = TSimd.MultiplyAdd(x, low, l0);
                h0 = TWidth.Count > 1 ? TSimd.MultiplyAdd(x, high, h0) : h0;
                if (TRows.Count > 1)
                {
                    x = TSimd.Broadcast(a0[stride]);
                    l1 = TSimd.MultiplyAdd(x, low, l1);
                    h1 = TWidth.Count > 1 ? TSimd.MultiplyAdd(x, high, h1) : h1;
                }

                if (TRows.Count > 2)
                {
                    x = TSimd.Broadcast(a0[2 * stride]);
                    l2 = TSimd.MultiplyAdd(x, low, l2);
                    h2 = TWidth.Count > 1 ? TSimd.MultiplyAdd(x, high, h2) : h2;
                }

                if (TRows.Count > 3)
                {
                    x = TSimd.Broadcast(a3[0]);
                    l3 = TSimd.MultiplyAdd(x, low, l3);
                    h3 = TWidth.Count > 1 ? TSimd.MultiplyAdd(x, high, h3) : h3;
                }

                if (TRows.Count > 4)
                {
                    x = TSimd.Broadcast(a3[stride]);
                    l4 = TSimd.MultiplyAdd(x, low, l4);
                    h4 = TWidth.Count > 1 ? TSimd.MultiplyAdd(x, high, h4) : h4;
                }

                if (TRows.Count > 5)
                {
                    x = TSimd.Broadcast(a3[2 * stride]);
                    l5 = TSimd.MultiplyAdd(x, low, l5);
                    h5 = TWidth.Count > 1 ? TSimd.MultiplyAdd(x, high, h5) : h5;
                }

                if (TRows.Count > 6)
                {
                    x = TSimd.Broadcast(a6[0]);
                    l6 = TSimd.MultiplyAdd(x, low, l6);
                    h6 = TWidth.Count > 1 ? TSimd.MultiplyAdd(x, high, h6) : h6;
                }

                if (TRows.Count > 7)
                {
                    x = TSimd.Broadcast(a6[stride]);
                    l7 = TSimd.MultiplyAdd(x, low, l7);
                    h7 = TWidth.Count > 1 ? TSimd.MultiplyAdd(x, high, h7) : h7;
                }

                if (TRows.Count > 8)
                {
                    x = TSimd.Broadcast(a6[2 * stride]);
                    l8 = TSimd.MultiplyAdd(x, low, l8);
                    h8 = TWidth.Count > 1 ? TSimd.MultiplyAdd(x, high, h8) : h8;
                }

                if (TRows.Count > 9)
                {
                    x = TSimd.Broadcast(a9[0]);
                    l9 = TSimd.MultiplyAdd(x, low, l9);
                    h9 = TWidth.Count > 1 ? TSimd.MultiplyAdd(x, high, h9) : h9;
                }

                if (TRows.Count > 10)
                {
                    x = TSimd.Broadcast(a9[stride]);
                    l10 = TSimd.MultiplyAdd(x, low, l10);
                    h10 = TWidth.Count > 1 ? TSimd.MultiplyAdd(x, high, h10) : h10;
                }

                if (TRows.Count > 11)
                {
                    x = TSimd.Broadcast(a9[2 * stride]);
                    l11 = TSimd.MultiplyAdd(x, low, l11);
                    h11 = TWidth.Count > 1 ? TSimd.MultiplyAdd(x, high, h11) : h11;
                }

                a0 += step;
                a3 += step;
                a6 += step;
                a9 += step;
            }
        }

        Finish<TSimd, TVector, TWidth, TEpilogue>(target, vectorStride, column, l0, h0, epilogue);
        if (TRows.Count > 1)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (1 * targetStride), vectorStride, column, l1, h1, epilogue);
        }

        if (TRows.Count > 2)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (2 * targetStride), vectorStride, column, l2, h2, epilogue);
        }

        if (TRows.Count > 3)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (3 * targetStride), vectorStride, column, l3, h3, epilogue);
        }

        if (TRows.Count > 4)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (4 * targetStride), vectorStride, column, l4, h4, epilogue);
        }

        if (TRows.Count > 5)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (5 * targetStride), vectorStride, column, l5, h5, epilogue);
        }

        if (TRows.Count > 6)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (6 * targetStride), vectorStride, column, l6, h6, epilogue);
        }

        if (TRows.Count > 7)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (7 * targetStride), vectorStride, column, l7, h7, epilogue);
        }

        if (TRows.Count > 8)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (8 * targetStride), vectorStride, column, l8, h8, epilogue);
        }

        if (TRows.Count > 9)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (9 * targetStride), vectorStride, column, l9, h9, epilogue);
        }

        if (TRows.Count > 10)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (10 * targetStride), vectorStride, column, l10, h10, epilogue);
        }

        if (TRows.Count > 11)
        {
            Finish<TSimd, TVector, TWidth, TEpilogue>(target + (11 * targetStride), vectorStride, column, l11, h11, epilogue);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TSimd, TVector, TWidth, TEpilogue>(float* target, nint vectorStride, int column, TVector low, TVector high, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TWidth : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        epilogue.Store<TSimd, TVector>(target, column, low);
        if (TWidth.Count > 1)
        {
            epilogue.Store<TSimd, TVector>(target + vectorStride, column + TSimd.Count, high);
        }
    }
}
