using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// <see cref="MatrixTile"/> in another shape: up to 6 rows by four vectors, two panels of B side by side. As many sums, and ten loads for 24
/// multiply-adds instead of fourteen, for twice as much of B from the second-level cache.
/// </summary>
/// <remarks>
/// For processors whose loads or instructions, not multipliers, are what is short: Intel's, most of all where another thread runs on the same core.
/// A sum takes its products in the same order as in <see cref="MatrixTile"/>: the bits are the same.
/// </remarks>
internal static unsafe class WideTile
{
    /// <summary>Vectors in a row of the tile.</summary>
    public const int Width = 4;

    /// <summary>What the depth of a segment is a multiple of.</summary>
    public const int Steps = 4;

    /// <summary>Rows of the next tile where so many are left. Few are few multiply-adds for what is read of B: 7 are 4 and 3, and 8 twice 4.</summary>
    public static int RowsOf(int left) => left is 7 or 8 ? 4 : Math.Min(left, 6);

    /// <summary>Computes one tile and hands it to the epilogue, vector by vector. A's numbers lie together (step 1).</summary>
    /// <param name="a">Where A's numbers are.</param>
    /// <param name="b">A panel of B.</param>
    /// <param name="c">The next one.</param>
    /// <param name="target">C's first row of the tile at the panel's first column.</param>
    /// <param name="targetStride">Floats from one row of C to the next.</param>
    /// <param name="vectorStride">Floats from one vector of a row of C to the next: its length where rows lie together.</param>
    /// <param name="row">That row.</param>
    /// <param name="column">The panel's first column.</param>
    /// <param name="epilogue">What is done with each sum before it is stored.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector, TRows, TEpilogue>(
        in MatrixRows a, float* b, float* c, float* target, nint targetStride, nint vectorStride, int row, int column, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        float* bias = epilogue.Bias + column;
        TVector p0 = TSimd.Load(bias), q0 = TSimd.Load(bias + TSimd.Count);
        TVector r0 = TSimd.Load(bias + (2 * TSimd.Count)), s0 = TSimd.Load(bias + (3 * TSimd.Count));
        TVector p1 = p0, q1 = q0, r1 = r0, s1 = s0, p2 = p0, q2 = q0, r2 = r0, s2 = s0, p3 = p0, q3 = q0, r3 = r0, s3 = s0;
        TVector p4 = p0, q4 = q0, r4 = r0, s4 = s0, p5 = p0, q5 = q0, r5 = r0, s5 = s0;
        nint stride = a.RowStride;
        for (int segment = 0; segment < a.Segments; segment++)
        {
            float* a0 = a.Start + (segment * a.SegmentStride);
            float* a3 = a0 + (3 * stride);
            for (int k = a.Depth; k > 0; k -= Steps)
            {
                // Four steps at once: counting, and moving on, take as many instructions as a row does.
                Step<TSimd, TVector, TRows>(a0, a3, stride, b, c, ref p0, ref q0, ref r0, ref s0, ref p1, ref q1, ref r1, ref s1, ref p2, ref q2, ref r2, ref s2, ref p3, ref q3, ref r3, ref s3, ref p4, ref q4, ref r4, ref s4, ref p5, ref q5, ref r5, ref s5);
                Step<TSimd, TVector, TRows>(a0 + 1, a3 + 1, stride, b + (2 * TSimd.Count), c + (2 * TSimd.Count), ref p0, ref q0, ref r0, ref s0, ref p1, ref q1, ref r1, ref s1, ref p2, ref q2, ref r2, ref s2, ref p3, ref q3, ref r3, ref s3, ref p4, ref q4, ref r4, ref s4, ref p5, ref q5, ref r5, ref s5);
                Step<TSimd, TVector, TRows>(a0 + 2, a3 + 2, stride, b + (4 * TSimd.Count), c + (4 * TSimd.Count), ref p0, ref q0, ref r0, ref s0, ref p1, ref q1, ref r1, ref s1, ref p2, ref q2, ref r2, ref s2, ref p3, ref q3, ref r3, ref s3, ref p4, ref q4, ref r4, ref s4, ref p5, ref q5, ref r5, ref s5);
                Step<TSimd, TVector, TRows>(a0 + 3, a3 + 3, stride, b + (6 * TSimd.Count), c + (6 * TSimd.Count), ref p0, ref q0, ref r0, ref s0, ref p1, ref q1, ref r1, ref s1, ref p2, ref q2, ref r2, ref s2, ref p3, ref q3, ref r3, ref s3, ref p4, ref q4, ref r4, ref s4, ref p5, ref q5, ref r5, ref s5);
                b += Steps * 2 * TSimd.Count;
                c += Steps * 2 * TSimd.Count;
                a0 += Steps;
                a3 += Steps;
            }
        }

        Finish<TSimd, TVector, TRows, TEpilogue>(0, target + (0 * targetStride), vectorStride, row, column, p0, q0, r0, s0, epilogue);
        Finish<TSimd, TVector, TRows, TEpilogue>(1, target + (1 * targetStride), vectorStride, row, column, p1, q1, r1, s1, epilogue);
        Finish<TSimd, TVector, TRows, TEpilogue>(2, target + (2 * targetStride), vectorStride, row, column, p2, q2, r2, s2, epilogue);
        Finish<TSimd, TVector, TRows, TEpilogue>(3, target + (3 * targetStride), vectorStride, row, column, p3, q3, r3, s3, epilogue);
        Finish<TSimd, TVector, TRows, TEpilogue>(4, target + (4 * targetStride), vectorStride, row, column, p4, q4, r4, s4, epilogue);
        Finish<TSimd, TVector, TRows, TEpilogue>(5, target + (5 * targetStride), vectorStride, row, column, p5, q5, r5, s5, epilogue);
    }

    /// <summary>One step: a number of each row of A times four vectors of B, two at each of two places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Step<TSimd, TVector, TRows>(
        float* a0,
        float* a3,
        nint stride,
        float* b,
        float* c,
        ref TVector p0, ref TVector q0, ref TVector r0, ref TVector s0,
        ref TVector p1, ref TVector q1, ref TVector r1, ref TVector s1,
        ref TVector p2, ref TVector q2, ref TVector r2, ref TVector s2,
        ref TVector p3, ref TVector q3, ref TVector r3, ref TVector s3,
        ref TVector p4, ref TVector q4, ref TVector r4, ref TVector s4,
        ref TVector p5, ref TVector q5, ref TVector r5, ref TVector s5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
    {
        TVector v0 = TSimd.Load(b), v1 = TSimd.Load(b + TSimd.Count), v2 = TSimd.Load(c), v3 = TSimd.Load(c + TSimd.Count);
        Row<TSimd, TVector, TRows>(0, a0, v0, v1, v2, v3, ref p0, ref q0, ref r0, ref s0);
        Row<TSimd, TVector, TRows>(1, a0 + stride, v0, v1, v2, v3, ref p1, ref q1, ref r1, ref s1);
        Row<TSimd, TVector, TRows>(2, a0 + (2 * stride), v0, v1, v2, v3, ref p2, ref q2, ref r2, ref s2);
        Row<TSimd, TVector, TRows>(3, a3, v0, v1, v2, v3, ref p3, ref q3, ref r3, ref s3);
        Row<TSimd, TVector, TRows>(4, a3 + stride, v0, v1, v2, v3, ref p4, ref q4, ref r4, ref s4);
        Row<TSimd, TVector, TRows>(5, a3 + (2 * stride), v0, v1, v2, v3, ref p5, ref q5, ref r5, ref s5);
    }

    /// <summary>A step of one row, if the tile has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TSimd, TVector, TRows>(
        int row, float* a, TVector v0, TVector v1, TVector v2, TVector v3, ref TVector p, ref TVector q, ref TVector r, ref TVector s)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
    {
        if (row < TRows.Count)
        {
            TVector x = TSimd.Broadcast(*a);
            p = TSimd.MultiplyAdd(x, v0, p);
            q = TSimd.MultiplyAdd(x, v1, q);
            r = TSimd.MultiplyAdd(x, v2, r);
            s = TSimd.MultiplyAdd(x, v3, s);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TSimd, TVector, TRows, TEpilogue>(
        int index, float* target, nint vectorStride, int row, int column, TVector p, TVector q, TVector r, TVector s, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        if (index < TRows.Count)
        {
            epilogue.Store<TSimd, TVector>(target, row + index, column, p);
            epilogue.Store<TSimd, TVector>(target + vectorStride, row + index, column + TSimd.Count, q);
            epilogue.Store<TSimd, TVector>(target + (2 * vectorStride), row + index, column + (2 * TSimd.Count), r);
            epilogue.Store<TSimd, TVector>(target + (3 * vectorStride), row + index, column + (3 * TSimd.Count), s);
        }
    }
}
