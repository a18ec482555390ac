using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Labels as they are after a nearest resize, without making them: crops are tried on it, and only the one that is
/// taken is written out.
/// </summary>
internal readonly struct ResizedLabels
{
    private readonly LabelMap _source;
    private readonly int[] _columns;
    private readonly int[] _rows;

    /// <summary>A view of the labels at a size; the numbers are those of <see cref="ImageResize.Nearest"/>.</summary>
    public ResizedLabels(LabelMap source, int width, int height)
    {
        _source = source;
        _columns = ImageResize.NearestIndex(source.Width, width);
        _rows = ImageResize.NearestIndex(source.Height, height);
    }

    /// <summary>Columns.</summary>
    public int Width => _columns.Length;

    /// <summary>Rows.</summary>
    public int Height => _rows.Length;

    /// <summary>Counts the ids in a window, all 256 of them.</summary>
    /// <param name="window">Inside the view.</param>
    /// <param name="counts">256 numbers, overwritten.</param>
    public void Count(PixelWindow window, Span<int> counts)
    {
        counts = counts[..256];
        counts.Clear();
        ReadOnlySpan<int> columns = _columns.AsSpan(window.X, window.Width);
        ReadOnlySpan<byte> ids = _source.Ids;
        for (int y = window.Y; y < window.Y + window.Height; y++)
        {
            ReadOnlySpan<byte> row = ids.Slice(_rows[y] * _source.Width, _source.Width);

            // Neighbours are mostly alike: a run is added once, which also avoids waiting for one counter in memory.
            int run = 0;
            byte last = row[columns[0]];
            foreach (int column in columns)
            {
                byte id = row[column];
                if (id != last)
                {
                    counts[last] += run;
                    run = 0;
                    last = id;
                }

                run++;
            }

            counts[last] += run;
        }
    }

    /// <summary>Writes one row of a window, in order or mirrored.</summary>
    /// <param name="window">Inside the view.</param>
    /// <param name="row">Row of the window.</param>
    /// <param name="mirror">Right to left.</param>
    /// <param name="target">As many bytes as the window has columns.</param>
    public void CopyRow(PixelWindow window, int row, bool mirror, Span<byte> target)
    {
        ReadOnlySpan<byte> source = _source.Ids.AsSpan(_rows[window.Y + row] * _source.Width, _source.Width);
        ReadOnlySpan<int> columns = _columns.AsSpan(window.X, window.Width);
        target = target[..columns.Length];
        for (int x = 0; x < columns.Length; x++)
        {
            target[x] = source[columns[x]];
        }

        if (mirror)
        {
            target.Reverse();
        }
    }
}
