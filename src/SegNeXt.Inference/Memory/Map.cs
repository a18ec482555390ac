namespace SegNeXt.Inference;

/// <summary>
/// A map of one picture, channels last, with a margin of zeros around it for the convolutions that look over its edge.
/// It may be a window that moves down: only so many rows are held, and a new one takes the place of the oldest.
/// </summary>
/// <param name="first">Channel 0 of pixel (0, 0).</param>
/// <param name="height">Rows.</param>
/// <param name="width">Columns.</param>
/// <param name="channels">Channels a pixel, filled up to whole vectors.</param>
/// <param name="margin">Rows above and below, and columns left and right, that are zero.</param>
/// <param name="held">Rows held, those of the margin included.</param>
internal readonly unsafe struct Map(float* first, int height, int width, int channels, int margin, int held)
{
    public int Height => height;

    public int Width => width;

    public int Channels => channels;

    public int Pixels => height * width;

    /// <summary>Floats from one row to the next.</summary>
    public nint RowStride => (nint)(width + (2 * margin)) * channels;

    /// <summary>Floats that a map takes.</summary>
    public static long Size(int held, int width, int channels, int margin) => held * (width + (2L * margin)) * channels;

    /// <summary>A map in memory that begins here.</summary>
    public static Map At(float* memory, int height, int width, int channels, int margin) =>
        At(memory, height, width, channels, margin, height + (2 * margin));

    /// <summary>A window of a map in memory that begins here.</summary>
    public static Map At(float* memory, int height, int width, int channels, int margin, int held) =>
        new(memory + ((long)margin * channels), height, width, channels, margin, held);

    /// <summary>Pixel 0 of a row that is held; rows of the margin may be asked for.</summary>
    public float* Row(int y) => first + ((uint)(y + margin) % (uint)held * RowStride);

    /// <summary>Writes the zeros beside a band of rows, and above or below it where it is the first or the last.</summary>
    public void ClearMarginOf(int from, int to)
    {
        int first = from == 0 ? -margin : from;
        int end = to == height ? height + margin : to;
        for (int y = first; y < end; y++)
        {
            float* start = Row(y) - (margin * channels);
            if (y < 0 || y >= height)
            {
                new Span<float>(start, (int)RowStride).Clear();
            }
            else
            {
                new Span<float>(start, margin * channels).Clear();
                new Span<float>(start + RowStride - (margin * channels), margin * channels).Clear();
            }
        }
    }
}
