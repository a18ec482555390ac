namespace SegNeXt.Core;

/// <summary>A map of class ids, H×W bytes, rows top to bottom; 255 (<see cref="Ignore"/>) is not counted anywhere.</summary>
public sealed class LabelMap
{
    /// <summary>The id of pixels without a label.</summary>
    public const byte Ignore = 255;

    /// <summary>Wraps ids that are already in the layout; the array is not copied.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="ids">Exactly <c>height × width</c> bytes.</param>
    /// <exception cref="ArgumentException">The sizes and the array's length disagree.</exception>
    public LabelMap(int width, int height, byte[] ids)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.LongLength != (long)width * height)
        {
            throw new ArgumentException($"{width}×{height} bytes are needed, the array holds {ids.LongLength}.", nameof(ids));
        }

        Width = width;
        Height = height;
        Ids = ids;
    }

    /// <summary>Creates a map of class 0.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    public LabelMap(int width, int height)
        : this(width, height, new byte[checked((long)width * height)])
    {
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The ids, <c>[H, W]</c>; index <c>y·W + x</c>.</summary>
    public byte[] Ids { get; }
}
