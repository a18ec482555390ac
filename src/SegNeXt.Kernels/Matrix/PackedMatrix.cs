using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// A matrix B with a bias, laid out for <see cref="KernelSet"/>'s products: panels of as many columns as a tile is wide,
/// in each panel the rows one after the other. Columns are filled up to whole vectors with zeros.
/// </summary>
public sealed unsafe class PackedMatrix : IDisposable
{
    private readonly AlignedBuffer _values;
    private readonly AlignedBuffer _bias;
    private readonly int _vector;

    internal PackedMatrix(int depth, int columns, int vector)
    {
        Depth = depth;
        Columns = columns;
        PaddedColumns = (columns + vector - 1) / vector * vector;
        _vector = vector;
        _values = new AlignedBuffer((long)depth * PaddedColumns);
        _bias = new AlignedBuffer(PaddedColumns);
    }

    /// <summary>Rows of B: products summed for each result.</summary>
    public int Depth { get; }

    /// <summary>Columns of B.</summary>
    public int Columns { get; }

    /// <summary>Columns that a product writes: whole vectors.</summary>
    public int PaddedColumns { get; }

    /// <summary>A number a column, zeros unless set.</summary>
    public Span<float> Bias => new(_bias.Data, PaddedColumns);

    internal float* BiasData => _bias.Data;

    /// <summary>What products in pairs need to know, where the matrix is for them.</summary>
    internal PairedSums? Pairs { get; set; }

    /// <summary>Keeps rows that the matrix is multiplied with, while they are looked at.</summary>
    internal RowSample? Sample { get; set; }

    /// <summary>Copies B in.</summary>
    /// <param name="rows">B, row-major.</param>
    /// <param name="stride">Floats from one row to the next, at least <see cref="Columns"/>.</param>
    public void Fill(ReadOnlySpan<float> rows, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, Columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Length, ((Depth - 1) * stride) + Columns);
        fixed (float* first = rows)
        {
            Fill(first, stride, Depth);
        }
    }

    /// <summary>Copies the first rows of B in; a product over fewer numbers than <see cref="Depth"/> reads only those.</summary>
    /// <param name="rows">Rows of B.</param>
    /// <param name="stride">Floats from one row to the next, at least <see cref="Columns"/>.</param>
    /// <param name="count">Number of rows.</param>
    public void Fill(float* rows, int stride, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Depth);
        for (int first = 0; first < PaddedColumns; first += 2 * _vector)
        {
            int width = Math.Min(2 * _vector, PaddedColumns - first);
            int filled = Math.Min(width, Columns - first);
            float* panel = Panel(first);
            for (int k = 0; k < count; k++)
            {
                new ReadOnlySpan<float>(rows + ((nint)k * stride) + first, filled).CopyTo(new Span<float>(panel + ((nint)k * width), filled));
            }
        }
    }

    /// <summary>Copies a column of B in.</summary>
    /// <param name="column">0 to <see cref="Columns"/> − 1.</param>
    /// <param name="values">A number a row of B.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SetColumn(int column, ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Columns);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Depth);
        float* target = Column(column, out int width);
        for (int k = 0; k < values.Length; k++)
        {
            *target = values[k];
            target += width;
        }
    }

    /// <summary>Copies B in from its transpose.</summary>
    /// <param name="columns">Columns of B, one after the other.</param>
    /// <param name="stride">Floats from one column to the next, at least <see cref="Depth"/>.</param>
    public void FillTransposed(float* columns, int stride)
    {
        for (int first = 0; first < PaddedColumns; first += 2 * _vector)
        {
            int width = Math.Min(2 * _vector, PaddedColumns - first);
            int filled = Math.Min(width, Columns - first);
            float* panel = Panel(first);
            float* source = columns + ((nint)first * stride);
            for (int k = 0; k < Depth; k++)
            {
                for (int column = 0; column < filled; column++)
                {
                    panel[column] = source[(column * stride) + k];
                }

                panel += width;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sample?.Dispose();
        Pairs?.Dispose();
        _values.Dispose();
        _bias.Dispose();
    }

    /// <summary>A column's first number.</summary>
    /// <param name="column">0 to <see cref="Columns"/> − 1.</param>
    /// <param name="step">Floats from one of its numbers to the next.</param>
    internal float* Column(int column, out int step)
    {
        int first = column / (2 * _vector) * (2 * _vector);
        step = Math.Min(2 * _vector, PaddedColumns - first);
        return Panel(first) + (column - first);
    }

    /// <summary>The squares of a column's numbers, summed.</summary>
    internal double Squares(int column)
    {
        float* first = Column(column, out int step);
        double sum = 0;
        for (int k = 0; k < Depth; k++)
        {
            sum += (double)first[k * step] * first[k * step];
        }

        return sum;
    }

    /// <summary>Multiplies a column, but not its bias.</summary>
    internal void MultiplyColumn(int column, float scale)
    {
        float* first = Column(column, out int step);
        for (int k = 0; k < Depth; k++)
        {
            first[k * step] *= scale;
        }
    }

    /// <summary>The panel that begins with a column.</summary>
    internal float* Panel(int column) => _values.Data + ((nint)column * Depth);
}
