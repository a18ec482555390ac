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
    /// <param name="row">That row.</param>
    /// <param name="column">The panel's first column.</param>
    /// <param name="epilogue">What is done with each sum before it is stored.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector, TRows, TWidth, TEpilogue>(
        in MatrixRows a, float* b, float* target, nint targetStride, nint vectorStride, int row, int column, TEpilogue epilogue)
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
            int k = a.Depth;
            if (step == 1)
            {
                // Two steps at once: counting, and moving on, take as many instructions as three rows do.
                for (; k >= 2; k -= 2)
                {
                    Step<TSimd, TVector, TRows, TWidth>(a0, a3, a6, a9, stride, b, ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3, ref l4, ref h4, ref l5, ref h5, ref l6, ref h6, ref l7, ref h7, ref l8, ref h8, ref l9, ref h9, ref l10, ref h10, ref l11, ref h11);
                    Step<TSimd, TVector, TRows, TWidth>(a0 + 1, a3 + 1, a6 + 1, a9 + 1, stride, b + (TWidth.Count * TSimd.Count), ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3, ref l4, ref h4, ref l5, ref h5, ref l6, ref h6, ref l7, ref h7, ref l8, ref h8, ref l9, ref h9, ref l10, ref h10, ref l11, ref h11);
                    b += 2 * TWidth.Count * TSimd.Count;
                    a0 += 2;
                    a3 += 2;
                    a6 += 2;
                    a9 += 2;
                }
            }

            for (; k > 0; k--)
            {
                Step<TSimd, TVector, TRows, TWidth>(a0, a3, a6, a9, stride, b, ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3, ref l4, ref h4, ref l5, ref h5, ref l6, ref h6, ref l7, ref h7, ref l8, ref h8, ref l9, ref h9, ref l10, ref h10, ref l11, ref h11);
                b += TWidth.Count * TSimd.Count;
                a0 += step;
                a3 += step;
                a6 += step;
                a9 += step;
            }
        }

        Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(0, target + (0 * targetStride), vectorStride, row, column, l0, h0, epilogue);
        Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(1, target + (1 * targetStride), vectorStride, row, column, l1, h1, epilogue);
        Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(2, target + (2 * targetStride), vectorStride, row, column, l2, h2, epilogue);
        Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(3, target + (3 * targetStride), vectorStride, row, column, l3, h3, epilogue);
        Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(4, target + (4 * targetStride), vectorStride, row, column, l4, h4, epilogue);
        Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(5, target + (5 * targetStride), vectorStride, row, column, l5, h5, epilogue);
        Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(6, target + (6 * targetStride), vectorStride, row, column, l6, h6, epilogue);
        Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(7, target + (7 * targetStride), vectorStride, row, column, l7, h7, epilogue);
        Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(8, target + (8 * targetStride), vectorStride, row, column, l8, h8, epilogue);
        Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(9, target + (9 * targetStride), vectorStride, row, column, l9, h9, epilogue);
        Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(10, target + (10 * targetStride), vectorStride, row, column, l10, h10, epilogue);
        Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(11, target + (11 * targetStride), vectorStride, row, column, l11, h11, epilogue);
    }

    /// <summary>One step: a number of each row of A times a row of the panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TSimd, TVector, TRows, TWidth>(
        float* a0,
        float* a3,
        float* a6,
        float* a9,
        nint stride,
        float* b,
        ref TVector l0, ref TVector h0,
        ref TVector l1, ref TVector h1,
        ref TVector l2, ref TVector h2,
        ref TVector l3, ref TVector h3,
        ref TVector l4, ref TVector h4,
        ref TVector l5, ref TVector h5,
        ref TVector l6, ref TVector h6,
        ref TVector l7, ref TVector h7,
        ref TVector l8, ref TVector h8,
        ref TVector l9, ref TVector h9,
        ref TVector l10, ref TVector h10,
        ref TVector l11, ref TVector h11)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TWidth : struct, ITileSize
    {
        TVector low = TSimd.Load(b), high = TWidth.Count > 1 ? TSimd.Load(b + TSimd.Count) : TSimd.Zero;
        Row<TSimd, TVector, TRows, TWidth>(0, a0, low, high, ref l0, ref h0);
        Row<TSimd, TVector, TRows, TWidth>(1, a0 + stride, low, high, ref l1, ref h1);
        Row<TSimd, TVector, TRows, TWidth>(2, a0 + (2 * stride), low, high, ref l2, ref h2);
        Row<TSimd, TVector, TRows, TWidth>(3, a3, low, high, ref l3, ref h3);
        Row<TSimd, TVector, TRows, TWidth>(4, a3 + stride, low, high, ref l4, ref h4);
        Row<TSimd, TVector, TRows, TWidth>(5, a3 + (2 * stride), low, high, ref l5, ref h5);
        Row<TSimd, TVector, TRows, TWidth>(6, a6, low, high, ref l6, ref h6);
        Row<TSimd, TVector, TRows, TWidth>(7, a6 + stride, low, high, ref l7, ref h7);
        Row<TSimd, TVector, TRows, TWidth>(8, a6 + (2 * stride), low, high, ref l8, ref h8);
        Row<TSimd, TVector, TRows, TWidth>(9, a9, low, high, ref l9, ref h9);
        Row<TSimd, TVector, TRows, TWidth>(10, a9 + stride, low, high, ref l10, ref h10);
        Row<TSimd, TVector, TRows, TWidth>(11, a9 + (2 * stride), low, high, ref l11, ref h11);
    }

    /// <summary>A step of one row, if the tile has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TSimd, TVector, TRows, TWidth>(int row, float* a, TVector low, TVector high, ref TVector l, ref TVector h)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TWidth : struct, ITileSize
    {
        if (row < TRows.Count)
        {
            TVector x = TSimd.Broadcast(*a);
            l = TSimd.MultiplyAdd(x, low, l);
            if (TWidth.Count > 1)
            {
                h = TSimd.MultiplyAdd(x, high, h);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TSimd, TVector, TRows, TWidth, TEpilogue>(
        int index, float* target, nint vectorStride, int row, int column, TVector low, TVector high, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TWidth : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        if (index < TRows.Count)
        {
            epilogue.Store<TSimd, TVector>(target, row + index, column, low);
            if (TWidth.Count > 1)
            {
                epilogue.Store<TSimd, TVector>(target + vectorStride, row + index, column + TSimd.Count, high);
            }
        }
    }
}
