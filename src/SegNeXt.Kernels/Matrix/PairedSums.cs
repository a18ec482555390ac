using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SegNeXt.Kernels;

/// <summary>
/// What products with a matrix B need to know to go through <see cref="PairedTile"/>: what the pairs add to each column and each row, and
/// which rows are good for it.
/// </summary>
/// <remarks>
/// The sum of two numbers keeps as many digits of the smaller one as the larger one leaves: a and b have to be of one
/// size. Each column of B is therefore held as a multiple of itself, by the power of two that makes it as large as the rows of a sample, and
/// each row of A is looked at when it comes. One that is much larger or smaller, or has what is no number, is multiplied one by one, with the
/// same bits as without pairs. That depends on the row alone, not on its neighbours in a tile.
/// </remarks>
internal sealed unsafe class PairedSums : IDisposable
{
    /// <summary>Bit k: number k of a block and its partner are not paired. Five of sixteen, evenly spread, are about a third.</summary>
    public const int Alone = 0b0010_0100_1001_0010;

    // Rows that are looked at together.
    private const int Together = 4;

    // A row's sum of squares may be so many times larger or smaller than those of the sample: its numbers 64 times larger, which leaves 18 bits of
    // B's, or 256 times smaller, which leaves 16 of its own. It takes the first number of each pair: where these are of B's size, the second
    // ones may be of any.
    private const float Larger = 64 * 64, Smaller = 256 * 256;

    // Of a column of zeros the bias alone matters, which pairs of A's numbers would round.
    private const double OfZeros = 1L << 60;

    private readonly AlignedBuffer _paired;
    private readonly AlignedBuffer _alone;
    private readonly AlignedBuffer _units;
    private readonly AlignedBuffer _mask = new(PairedTile.Distance);
    private readonly float _least;
    private readonly float _most;

    private PairedSums(int columns, float squares)
    {
        (_paired, _alone, _units) = (new(columns), new(columns), new(columns));
        for (int k = 0; k < PairedTile.Distance; k++)
        {
            _mask.Data[k] = IsPaired(k) ? 1 : 0;
        }

        (_least, _most) = (squares / Smaller, squares * Larger);
    }

    /// <summary>How the rows of a tile are to be multiplied.</summary>
    public enum Way
    {
        /// <summary>One by one.</summary>
        Alone,

        /// <summary>In pairs.</summary>
        Paired,

        /// <summary>Some so and some so.</summary>
        Mixed,
    }

    /// <summary>What the sums of each column are to be multiplied by, B's columns being held as multiples of themselves.</summary>
    public float* Units => _units.Data;

    /// <summary>What sums in pairs begin with: the bias less Σ b₁·b₂ of each column.</summary>
    public float* PairedBias => _paired.Data;

    /// <summary>What sums without pairs begin with.</summary>
    public float* AloneBias => _alone.Data;

    /// <summary>Scales a matrix for rows like those of a sample, and finds what pairs add to its columns.</summary>
    /// <param name="matrix">B with its bias. It is changed: <see cref="Undo"/> changes it back.</param>
    /// <param name="sample">Rows of A.</param>
    /// <returns>Nothing, and B as it was, where the rows are all zeros, or something is no number.</returns>
    public static PairedSums? Scale(PackedMatrix matrix, RowSample sample)
    {
        double squares = 0, firsts = 0;
        double[] row = sample.Squares();
        for (int k = 0; k < row.Length; k++)
        {
            squares += row[k];
            firsts += k % (2 * PairedTile.Distance) < PairedTile.Distance ? row[k] : 0;
        }

        PairedSums result = new(matrix.PaddedColumns, (float)firsts);
        bool isGood = float.IsNormal((float)firsts);
        for (int c = 0; c < matrix.Columns && isGood; c++)
        {
            double size = matrix.Squares(c), scale = size > 0 ? Math.Pow(2, Math.Round(Math.Log2(squares / size) / 2)) : OfZeros;
            result._units.Data[c] = (float)(1 / scale);
            isGood &= float.IsNormal((float)scale) && float.IsNormal((float)(1 / scale));
        }

        if (!isGood)
        {
            result.Dispose();
            return null;
        }

        for (int c = 0; c < matrix.Columns; c++)
        {
            float scale = 1 / result._units.Data[c];
            matrix.MultiplyColumn(c, scale);
            result._alone.Data[c] = matrix.Bias[c] * scale;
            result._paired.Data[c] = (float)(result._alone.Data[c] - PairSum(matrix, c));
        }

        return result;
    }

    /// <summary>Makes the matrix what it was.</summary>
    public void Undo(PackedMatrix matrix)
    {
        for (int c = 0; c < matrix.Columns; c++)
        {
            matrix.MultiplyColumn(c, Units[c]);
        }
    }

    /// <summary>What the sums of each row of a tile need at the end, −Σ a₁·a₂, and whether the rows can be paired.</summary>
    /// <param name="a">The rows.</param>
    /// <param name="ends">Gets a number a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Way Look<TSimd, TVector, TRows>(in MatrixRows a, float* ends)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
    {
        // All rows are good where even one with the largest of each place, and one with the smallest, would be.
        TVector largest = TSimd.Zero, smallest = TSimd.Broadcast(float.PositiveInfinity), mask = TSimd.Load(_mask.Data);
        for (int r = 0; r < TRows.Count; r += Together)
        {
            // A single row is taken four times.
            nint stride = TRows.Count > 1 ? a.RowStride : 0;
            TVector sum0 = TSimd.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0, squares0 = sum0, squares1 = sum0, squares2 = sum0, squares3 = sum0;
            for (int segment = 0; segment < a.Segments; segment++)
            {
                float* row = a.Start + (r * stride) + (segment * a.SegmentStride);
                for (float* end = row + a.Depth; row < end; row += 2 * PairedTile.Distance)
                {
                    Add<TSimd, TVector>(row, ref sum0, ref squares0);
                    Add<TSimd, TVector>(row + stride, ref sum1, ref squares1);
                    Add<TSimd, TVector>(row + (2 * stride), ref sum2, ref squares2);
                    Add<TSimd, TVector>(row + (3 * stride), ref sum3, ref squares3);
                }
            }

            Vector128<float> sums = TSimd.Sums(TSimd.Multiply(sum0, mask), TSimd.Multiply(sum1, mask), TSimd.Multiply(sum2, mask), TSimd.Multiply(sum3, mask)) * -1;
            if (TRows.Count > 1)
            {
                sums.Store(ends + r);
            }
            else
            {
                *ends = sums.ToScalar();
            }

            largest = TSimd.Max(TSimd.Max(TSimd.Max(squares0, squares1), TSimd.Max(squares2, squares3)), largest);
            smallest = TSimd.Min(TSimd.Min(TSimd.Min(squares0, squares1), TSimd.Min(squares2, squares3)), smallest);
        }

        if (IsGood(TSimd.Sum(largest)) && IsGood(TSimd.Sum(smallest)))
        {
            return Way.Paired;
        }

        int good = 0;
        float* unused = stackalloc float[1];
        for (int r = 0; r < TRows.Count && TRows.Count > 1; r++)
        {
            good += Look<TSimd, TVector, Size1>(a.Skip(r), unused) == Way.Paired ? 1 : 0;
        }

        return good == 0 ? Way.Alone : good < TRows.Count ? Way.Mixed : Way.Paired;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _paired.Dispose();
        _alone.Dispose();
        _units.Dispose();
        _mask.Dispose();
    }

    private static bool IsPaired(int k) =>
        k % (2 * PairedTile.Distance) < PairedTile.Distance && ((Alone >> (k % PairedTile.Distance)) & 1) == 0;

    /// <summary>Σ b₁·b₂ of a column.</summary>
    private static double PairSum(PackedMatrix matrix, int column)
    {
        float* first = matrix.Column(column, out int step);
        double sum = 0;
        for (int k = 0; k < matrix.Depth; k++)
        {
            sum += IsPaired(k) ? (double)first[k * step] * first[(k + PairedTile.Distance) * step] : 0;
        }

        return sum;
    }

    /// <summary>A block of a row, whose halves are vectors: products of the pairs, and squares of the first numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector>(float* a, ref TVector sum, ref TVector squares)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector first = TSimd.Load(a);
        sum = TSimd.MultiplyAdd(first, TSimd.Load(a + PairedTile.Distance), sum);
        squares = TSimd.MultiplyAdd(first, first, squares);
    }

    // What is no number is not.
    private bool IsGood(float squares) => squares >= _least && squares <= _most;
}
