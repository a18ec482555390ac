namespace SegNeXt.Kernels;

/// <summary>Decides whether products with a matrix go in pairs: where they then are as exact, for rows that it has been multiplied with.</summary>
internal static unsafe class MatrixPairing
{
    // Rounding alone is 1e-7 of sums of thirty products, and 1e-6 of some thousand.
    private const double Tolerance = 2e-6;

    /// <summary>Tries it with the rows that the matrix has kept, which are let go.</summary>
    /// <param name="kernels">Kernels that have tiles in pairs.</param>
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

        if (sample is not { Count: > 0 } || sample.Together % (2 * PairedTile.Distance) != 0)
        {
            return false;
        }

        using AlignedBuffer alone = Products(kernels, matrix, sample);
        if (PairedSums.Scale(matrix, sample) is not { } sums)
        {
            return false;
        }

        matrix.Pairs = sums;
        using AlignedBuffer paired = Products(kernels, matrix, sample);
        if (Difference(alone, paired, matrix) <= Tolerance)
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

    /// <summary>Root mean square of the difference, as a share of the sums.</summary>
    private static double Difference(AlignedBuffer alone, AlignedBuffer paired, PackedMatrix matrix)
    {
        double size = 0, error = 0;
        for (long row = 0; row < alone.Count; row += matrix.PaddedColumns)
        {
            for (int column = 0; column < matrix.Columns; column++)
            {
                double one = alone.Data[row + column], difference = one - paired.Data[row + column];
                size += one * one;
                error += difference * difference;
            }
        }

        return Math.Sqrt(error / size);
    }
}
