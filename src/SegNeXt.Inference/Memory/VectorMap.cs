namespace SegNeXt.Inference;

/// <summary>
/// A map of one picture, each row of which lies by vectors: all its pixels' first vector of channels, then all their second. Who goes along the rows
/// with one vector at a time, as depth-wise convolutions do, finds what it reads together; of pixels with all their channels it takes lines in
/// distances that fill few sets of the first-level cache. With a margin of zeros, and perhaps a window, as <see cref="Map"/>.
/// </summary>
/// <param name="first">Vector 0 of pixel (0, 0).</param>
/// <param name="height">Rows.</param>
/// <param name="width">Columns.</param>
/// <param name="channels">Channels a pixel, whole vectors.</param>
/// <param name="vector">Channels of a vector.</param>
/// <param name="margin">Rows above and below, and columns left and right, that are zero.</param>
/// <param name="held">Rows held, those of the margin included.</param>
internal readonly unsafe struct VectorMap(float* first, int height, int width, int channels, int vector, int margin, int held)
{
    public int Height => height;

    public int Width => width;

    public int Vectors => channels / vector;

    /// <summary>Floats from one vector of a pixel to the next.</summary>
    public nint VectorStride => (nint)(width + (2 * margin)) * vector;

    /// <summary>Floats from one pixel to the next.</summary>
    public nint PixelStride => vector;

    private nint RowStride => (nint)(width + (2 * margin)) * channels;

    /// <summary>A window of a map in memory that begins here.</summary>
    public static VectorMap At(float* memory, int height, int width, int channels, int vector, int margin, int held) =>
        new(memory + ((long)margin * vector), height, width, channels, vector, margin, held);

    /// <summary>Vector 0 of pixel 0 of a row that is held; rows of the margin may be asked for.</summary>
    public float* Row(int y) => first + ((uint)(y + margin) % (uint)held * RowStride);

    /// <summary>A vector of a pixel of a row that is held.</summary>
    /// <param name="y">The row.</param>
    /// <param name="x">The pixel; those of the margin may be asked for.</param>
    /// <param name="channel">The vector's first channel.</param>
    public float* Pixel(int y, int x, int channel) => Row(y) + (channel / vector * VectorStride) + ((nint)x * vector);

    /// <summary>Writes the zeros beside a band of rows, and above or below it where it is the first or the last.</summary>
    public void ClearMarginOf(int from, int to)
    {
        int start = from == 0 ? -margin : from;
        int end = to == height ? height + margin : to;
        for (int y = start; y < end; y++)
        {
            float* row = Row(y) - (margin * vector);
            if (y < 0 || y >= height)
            {
                new Span<float>(row, (int)RowStride).Clear();
                continue;
            }

            for (int v = 0; v < Vectors; v++, row += VectorStride)
            {
                new Span<float>(row, margin * vector).Clear();
                new Span<float>(row + VectorStride - (margin * vector), margin * vector).Clear();
            }
        }
    }
}
