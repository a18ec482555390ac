using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// C = Aᵀ · X, where A is narrow and neither of them is packed: tiles of up to 6 columns of A by four vectors of X's columns, in which a step of k reads four
/// vectors of a row of X and six neighbouring numbers of A. The other way round, with A packed, each number of X would be spread over a vector by itself.
/// </summary>
internal static unsafe class TransposedProduct
{
    /// <summary>Vectors in a row of a tile; X has a multiple of them.</summary>
    public const int Width = WideTile.Width;

    /// <summary>C = Aᵀ · X, or C + Aᵀ · X. A sum takes its products in the order of the rows, from 0 on, as those of <see cref="MatrixTile"/>.</summary>
    /// <param name="a">A, a row for each of X.</param>
    /// <param name="aStride">Floats from one row of A to the next.</param>
    /// <param name="rows">Rows of C: columns of A.</param>
    /// <param name="x">X.</param>
    /// <param name="xStride">Floats from one row of X to the next.</param>
    /// <param name="depth">Rows of A and X.</param>
    /// <param name="columns">Columns of X and C.</param>
    /// <param name="target">C.</param>
    /// <param name="targetStride">Floats from one row of C to the next.</param>
    /// <param name="add">Whether it is added to what is there.</param>
    public static void Run<TSimd, TVector>(
        float* a, nint aStride, int rows, float* x, nint xStride, int depth, int columns, float* target, nint targetStride, bool add)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        // Four vectors of all rows of X for all of A: they stay in the caches.
        for (int column = 0; column < columns; column += Width * TSimd.Count)
        {
            for (int row = 0; row < rows;)
            {
                float* from = a + row, c = target + (row * targetStride) + column;
                int size = WideTile.RowsOf(rows - row);
                switch (size)
                {
                    case 6: Tile<TSimd, TVector, Size6>(from, aStride, x + column, xStride, depth, c, targetStride, add); break;
                    case 5: Tile<TSimd, TVector, Size5>(from, aStride, x + column, xStride, depth, c, targetStride, add); break;
                    case 4: Tile<TSimd, TVector, Size4>(from, aStride, x + column, xStride, depth, c, targetStride, add); break;
                    case 3: Tile<TSimd, TVector, Size3>(from, aStride, x + column, xStride, depth, c, targetStride, add); break;
                    case 2: Tile<TSimd, TVector, Size2>(from, aStride, x + column, xStride, depth, c, targetStride, add); break;
                    default: Tile<TSimd, TVector, Size1>(from, aStride, x + column, xStride, depth, c, targetStride, add); break;
                }

                row += size;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile<TSimd, TVector, TRows>(float* a, nint aStride, float* x, nint xStride, int depth, float* target, nint targetStride, bool add)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
    {
        TVector p0 = TSimd.Zero, q0 = p0, r0 = p0, s0 = p0, p1 = p0, q1 = p0, r1 = p0, s1 = p0, p2 = p0, q2 = p0, r2 = p0, s2 = p0;
        TVector p3 = p0, q3 = p0, r3 = p0, s3 = p0, p4 = p0, q4 = p0, r4 = p0, s4 = p0, p5 = p0, q5 = p0, r5 = p0, s5 = p0;
        int k = depth;
        for (; k >= 2; k -= 2)
        {
            WideTile.Step<TSimd, TVector, TRows>(a, a + 3, 1, x, x + (2 * TSimd.Count), ref p0, ref q0, ref r0, ref s0, ref p1, ref q1, ref r1, ref s1, ref p2, ref q2, ref r2, ref s2, ref p3, ref q3, ref r3, ref s3, ref p4, ref q4, ref r4, ref s4, ref p5, ref q5, ref r5, ref s5);
            WideTile.Step<TSimd, TVector, TRows>(a + aStride, a + aStride + 3, 1, x + xStride, x + xStride + (2 * TSimd.Count), ref p0, ref q0, ref r0, ref s0, ref p1, ref q1, ref r1, ref s1, ref p2, ref q2, ref r2, ref s2, ref p3, ref q3, ref r3, ref s3, ref p4, ref q4, ref r4, ref s4, ref p5, ref q5, ref r5, ref s5);
            a += 2 * aStride;
            x += 2 * xStride;
        }

        if (k > 0)
        {
            WideTile.Step<TSimd, TVector, TRows>(a, a + 3, 1, x, x + (2 * TSimd.Count), ref p0, ref q0, ref r0, ref s0, ref p1, ref q1, ref r1, ref s1, ref p2, ref q2, ref r2, ref s2, ref p3, ref q3, ref r3, ref s3, ref p4, ref q4, ref r4, ref s4, ref p5, ref q5, ref r5, ref s5);
        }

        Finish<TSimd, TVector, TRows>(0, target, add, p0, q0, r0, s0);
        Finish<TSimd, TVector, TRows>(1, target + targetStride, add, p1, q1, r1, s1);
        Finish<TSimd, TVector, TRows>(2, target + (2 * targetStride), add, p2, q2, r2, s2);
        Finish<TSimd, TVector, TRows>(3, target + (3 * targetStride), add, p3, q3, r3, s3);
        Finish<TSimd, TVector, TRows>(4, target + (4 * targetStride), add, p4, q4, r4, s4);
        Finish<TSimd, TVector, TRows>(5, target + (5 * targetStride), add, p5, q5, r5, s5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TSimd, TVector, TRows>(int row, float* target, bool add, TVector p, TVector q, TVector r, TVector s)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
    {
        if (row < TRows.Count)
        {
            TSimd.Store(target, add ? TSimd.Add(TSimd.Load(target), p) : p);
            TSimd.Store(target + TSimd.Count, add ? TSimd.Add(TSimd.Load(target + TSimd.Count), q) : q);
            TSimd.Store(target + (2 * TSimd.Count), add ? TSimd.Add(TSimd.Load(target + (2 * TSimd.Count)), r) : r);
            TSimd.Store(target + (3 * TSimd.Count), add ? TSimd.Add(TSimd.Load(target + (3 * TSimd.Count)), s) : s);
        }
    }
}
