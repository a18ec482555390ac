namespace SegNeXt.Core;

/// <summary>The rows of a picture that windows may still want, in a ring of as many rows as are ever wanted together.</summary>
/// <param name="picture">Where the rows come from.</param>
/// <param name="capacity">Rows of the ring.</param>
internal sealed class RowRing(IRgbRows picture, int capacity)
{
    private readonly int _rowBytes = picture.Width * 3;
    private readonly byte[][] _rows = new byte[capacity][];
    private int _read;

    /// <summary>Reads on until a row. Rows that lie more than the ring above it are gone then.</summary>
    /// <param name="end">The row behind the last one to read.</param>
    /// <param name="cancellation">Looked at between rows.</param>
    public void ReadTo(int end, CancellationToken cancellation)
    {
        for (; _read < end; _read++)
        {
            cancellation.ThrowIfCancellationRequested();
            picture.Read(_rows[_read % _rows.Length] ??= GC.AllocateUninitializedArray<byte>(_rowBytes));
        }
    }

    /// <summary>Copies a window.</summary>
    /// <param name="window">Its rows have been read and are not gone.</param>
    /// <param name="target">A picture of the window's size.</param>
    public void Cut(SlideWindow window, RgbImage target)
    {
        int length = window.Width * 3;
        for (int y = 0; y < window.Height; y++)
        {
            _rows[(window.Y + y) % _rows.Length].AsSpan(window.X * 3, length).CopyTo(target.Pixels.AsSpan(y * length));
        }
    }
}
