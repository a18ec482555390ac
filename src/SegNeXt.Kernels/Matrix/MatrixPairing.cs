namespace SegNeXt.Kernels;

/// <summary>Decides whether products with a matrix go in pairs: where they then are as exact, for rows that it has been multiplied with.</summary>
internal static unsafe class MatrixPairing
{
    // Of what as many products as are summed come to, if some are positive and some negative, times the root of their number. Rounding alone
    // is a fifth of it.
    private const double Tolerance = 3e-7;

    /// <summary>Tries it with the rows that the matrix has kept, which are let go.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="matrix">The matrix, which is ready for pairs afterwards or as before.</param>
    /// <returns>Whether it is ready.</returns>
    public static bool Try(KernelSet kernels, PackedMatrix matrix)
    {
        using RowSample? sample = matrix.Sample;
        matrix.Sample = null;
        if (matrix.Pairs is not null)
        {
            return true;
        }

        if (!kernels.HasPairs || sample is not { Count: > 0, Together: > 0 } || sample.Together % (2 * PairedTile.Distance) != 0)
        {
            return false;
        }

        double[] limits = Limits(matrix, sample);
        using AlignedBuffer alone = Products(kernels, matrix, sample);
        if (PairedSums.Scale(matrix, sample) is not { } sums)
        {
            return false;
        }

        matrix.Pairs = sums;
        using AlignedBuffer paired = Products(kernels, matrix, sample);
        if (AreNear(alone, paired, matrix.PaddedColumns, limits))
        {
            return true;
        }

        matrix.Pairs = null;
        sums.Undo(matrix);
        sums.Dispose();
        return false;
    }

    /// <summary>Runs each kind of tile once, so that it is compiled when it is needed.</summary>
    /// <param name="kernels">Kernels that have tiles in pairs.</param>
    public static void Compile(KernelSet kernels)
    {
        const int Depth = 2 * PairedTile.Distance, Columns = 32, Tall = 12;
        using PackedMatrix matrix = kernels.CreateMatrix(Depth, Columns);
        using AlignedBuffer rows = new(Tall * Depth), target = new(Tall * Columns), scale = new(Columns);
        new Span<float>(rows.Data, Tall * Depth).Fill(1);
        for (int column = 0; column < Columns; column++)
        {
            matrix.SetColumn(column, new ReadOnlySpan<float>(rows.Data, Depth));
        }

        MatrixRows a = MatrixRows.Plain(rows.Data, Depth, Depth);
        KernelSet.Observe(matrix);
        kernels.Product(a, Tall, matrix, target.Data, Columns);
        Try(kernels, matrix);
        foreach (int count in (ReadOnlySpan<int>)[Tall, 8])
        {
            kernels.Product(a, count, matrix, target.Data, Columns);
            kernels.ProductPlus(a, count, matrix, target.Data, target.Data, Columns);
            kernels.ProductTimes(a, count, matrix, target.Data, target.Data, Columns);
            kernels.ProductPlusScaled(a, count, matrix, target.Data, scale.Data, target.Data, Columns);
            kernels.ProductRelu(a, count, matrix, target.Data, Columns);
        }

        kernels.Product(a, 4, matrix, target.Data, Columns);
    }

    private static AlignedBuffer Products(KernelSet kernels, PackedMatrix matrix, RowSample sample)
    {
        AlignedBuffer products = new((long)sample.Count * matrix.PaddedColumns);
        kernels.Product(sample.Rows, sample.Count, matrix, products.Data, matrix.PaddedColumns);
        return products;
    }

    /// <summary>How large the mean square of each column's errors may be.</summary>
    private static double[] Limits(PackedMatrix matrix, RowSample sample)
    {
        double[] rows = sample.Squares();
        var limits = new double[matrix.Columns];
        for (int column = 0; column < limits.Length; column++)
        {
            // Each product that is added to the bias may be rounded as the bias is.
            double bias = matrix.Bias[column], products = bias * bias;
            float* first = matrix.Column(column, out int step);
            for (int k = 0; k < rows.Length; k++)
            {
                products += rows[k] * first[k * step] * first[k * step];
            }

            limits[column] = Tolerance * Tolerance * rows.Length * products;
        }

        return limits;
    }

    private static bool AreNear(AlignedBuffer alone, AlignedBuffer paired, int stride, double[] limits)
    {
        var errors = new double[limits.Length];
        for (long row = 0; row < alone.Count; row += stride)
        {
            for (int column = 0; column < errors.Length; column++)
            {
                double difference = alone.Data[row + column] - (double)paired.Data[row + column];
                errors[column] += difference * difference;
            }
        }

        long rows = alone.Count / stride;
        for (int column = 0; column < errors.Length; column++)
        {
            // Where columns and bias are zeros, pairs of A's numbers may leave a trace.
            if (!(errors[column] <= rows * Math.Max(limits[column], float.Epsilon)))
            {
                return false;
            }
        }

        return true;
    }
}
