namespace SegNeXt.Core;

/// <summary>The scores of one window, as small as the network gives them, for as long as pixels that they count for are to come.</summary>
internal sealed class HeldWindow(SlideWindow window, LogitMap scores)
{
    private float[] _values = scores.Values;
    private int _firstRow;
    private int _rows = scores.Height;

    /// <summary>Where the window lies.</summary>
    public SlideWindow Window { get; } = window;

    /// <summary>Columns of the scores.</summary>
    public int Width { get; } = scores.Width;

    /// <summary>A row of scores of a class.</summary>
    /// <param name="k">The class.</param>
    /// <param name="row">The row among those that the network gave; not one that was let go.</param>
    public ReadOnlySpan<float> Row(int k, int row) => _values.AsSpan(((k * _rows) + row - _firstRow) * Width, Width);

    /// <summary>Lets the rows above one go; what is left is copied, so that their memory is free.</summary>
    /// <param name="row">The first row that is still needed.</param>
    /// <param name="classes">Number of classes.</param>
    public void KeepFrom(int row, int classes)
    {
        int left = _rows - (row - _firstRow);
        float[] kept = GC.AllocateUninitializedArray<float>(classes * left * Width);
        for (int k = 0; k < classes; k++)
        {
            _values.AsSpan(((k * _rows) + row - _firstRow) * Width, left * Width).CopyTo(kept.AsSpan(k * left * Width));
        }

        (_values, _firstRow, _rows) = (kept, row, left);
    }
}
