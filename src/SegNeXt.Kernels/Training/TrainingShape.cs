namespace SegNeXt.Kernels;

/// <summary>Sizes of a batch of maps with channels last.</summary>
/// <param name="Batch">Images N.</param>
/// <param name="Height">Rows H.</param>
/// <param name="Width">Columns W.</param>
/// <param name="Channels">Channels C, a multiple of <see cref="ChannelStep"/>.</param>
public readonly record struct TrainingShape(int Batch, int Height, int Width, int Channels)
{
    /// <summary>What the channels of a map must be a multiple of: a cache line, and the longest vector.</summary>
    public const int ChannelStep = 16;

    /// <summary>Pixels of the batch.</summary>
    public long Pixels => (long)Batch * Height * Width;

    /// <summary>Numbers of the batch.</summary>
    public long Count => Pixels * Channels;

    /// <summary>Floats before an image.</summary>
    /// <param name="image">0 to <see cref="Batch"/> − 1.</param>
    /// <param name="row">0 to <see cref="Height"/>.</param>
    public nint Offset(int image, int row) => (((nint)image * Height) + row) * Width * Channels;
}

/// <summary>Rows of one image.</summary>
/// <param name="Image">The image.</param>
/// <param name="First">The first row.</param>
/// <param name="End">One past the last.</param>
internal readonly record struct RowRange(int Image, int First, int End)
{
    /// <summary>Number of rows.</summary>
    public int Rows => End - First;

    /// <summary>All rows of a batch in lanes of nearly the same length, each lane a list of ranges; empty lanes are left out.</summary>
    /// <param name="shape">The batch.</param>
    /// <param name="lanes">Lanes wanted.</param>
    public static RowRange[][] Lanes(TrainingShape shape, int lanes)
    {
        long rows = (long)shape.Batch * shape.Height;
        int count = (int)Math.Min(lanes, rows);
        var result = new RowRange[count][];
        for (int lane = 0; lane < count; lane++)
        {
            var ranges = new List<RowRange>();
            long end = rows * (lane + 1) / count;
            for (long row = rows * lane / count; row < end;)
            {
                int image = (int)(row / shape.Height), first = (int)(row % shape.Height);
                int last = (int)Math.Min(shape.Height, first + end - row);
                ranges.Add(new RowRange(image, first, last));
                row += last - first;
            }

            result[lane] = [.. ranges];
        }

        return result;
    }
}
