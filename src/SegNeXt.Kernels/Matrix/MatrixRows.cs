namespace SegNeXt.Kernels;

/// <summary>
/// Rows of a matrix A as a product reads them: number k of segment s of row r is at
/// <c>start[r · rowStride + s · segmentStride + k · step]</c>.
/// </summary>
/// <remarks>
/// Pixels of a map with channels last are such rows with one segment. The windows of a 3×3 convolution are too, without
/// being copied together: three segments, one a row of the map, of three neighbouring pixels each. A transposed matrix
/// is one with row stride 1 and a step of its own row's length.
/// </remarks>
/// <param name="start">Number 0 of segment 0 of row 0.</param>
/// <param name="rowStride">Floats from one row to the next.</param>
/// <param name="depth">Numbers in a segment.</param>
/// <param name="step">Floats from one number of a segment to the next.</param>
/// <param name="segments">Segments in a row.</param>
/// <param name="segmentStride">Floats from one segment of a row to the next.</param>
public readonly unsafe struct MatrixRows(float* start, nint rowStride, int depth, nint step, int segments, nint segmentStride)
{
    internal float* Start => start;

    internal nint RowStride => rowStride;

    internal int Depth => depth;

    internal nint Step => step;

    internal int Segments => segments;

    internal nint SegmentStride => segmentStride;

    /// <summary>Rows of numbers that lie together.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="rowStride">Floats from one row to the next.</param>
    /// <param name="depth">Numbers in a row.</param>
    public static MatrixRows Plain(float* start, nint rowStride, int depth) => new(start, rowStride, depth, 1, 1, 0);

    /// <summary>The same from a later row on.</summary>
    /// <param name="rows">How many rows later.</param>
    public MatrixRows Skip(nint rows) => new(start + (rows * rowStride), rowStride, depth, step, segments, segmentStride);
}
