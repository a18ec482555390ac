namespace SegNeXt.Kernels;

/// <summary>Some of the rows that a matrix is multiplied with, kept to find out how large their numbers are.</summary>
internal sealed unsafe class RowSample(int depth) : IDisposable
{
    private const int Most = 24, MostOfOnce = 2;

    // A prime number: steps of it come past all places, edges and middle.
    private const int Step = 7;

    private readonly AlignedBuffer _rows = new((long)Most * depth);

    /// <summary>Rows kept.</summary>
    public int Count { get; private set; }

    /// <summary>Numbers of a row that lie together, or 0 where they lie apart.</summary>
    public int Together { get; private set; }

    /// <summary>The rows.</summary>
    public MatrixRows Rows => MatrixRows.Plain(_rows.Data, depth, depth);

    /// <summary>Keeps one or two of the rows of a product, each time others.</summary>
    /// <param name="a">The rows.</param>
    /// <param name="rows">How many there are.</param>
    public void Take(in MatrixRows a, int rows)
    {
        Together = a.Step == 1 && a.Segments * a.Depth == depth ? a.Depth : 0;
        for (int i = 0; Together > 0 && i < Math.Min(rows, MostOfOnce) && Count < Most; i++)
        {
            float* row = a.Start + (Count * Step % rows * a.RowStride);
            Span<float> target = new(_rows.Data + ((nint)Count * depth), depth);
            for (int s = 0; s < a.Segments; s++)
            {
                new ReadOnlySpan<float>(row + (s * a.SegmentStride), a.Depth).CopyTo(target[(s * a.Depth)..]);
            }

            Count++;
        }
    }

    /// <summary>The squares of a row's numbers, each the mean of all rows.</summary>
    public double[] Squares()
    {
        var squares = new double[depth];
        for (int i = 0; i < Count * depth; i++)
        {
            squares[i % depth] += (double)_rows.Data[i] * _rows.Data[i] / Count;
        }

        return squares;
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();
}
