namespace SegNeXt.Kernels;

/// <summary>
/// Maps cut into planes of one cache line a pixel, image by image: the depth-wise strips of a plane are computed while it
/// stays in the caches. Zeros lie before and behind each row, as many as the longest strip reaches beyond the border.
/// </summary>
/// <param name="Map">The map's sizes.</param>
internal readonly record struct PlaneShape(TrainingShape Map)
{
    /// <summary>Zeros between rows: half of the longest strip.</summary>
    public const int Border = 10;

    /// <summary>Floats of a pixel.</summary>
    public const int Pixel = TrainingShape.ChannelStep;

    /// <summary>Planes of an image.</summary>
    public int Planes => Map.Channels / Pixel;

    /// <summary>Floats from one row to the next.</summary>
    public nint RowStride => (nint)(Map.Width + Border) * Pixel;

    /// <summary>Floats of a plane.</summary>
    public nint PlaneStride => (Map.Height * RowStride) + (Border * Pixel);

    /// <summary>Floats of a batch.</summary>
    public long Count => (long)Map.Batch * Planes * PlaneStride;

    /// <summary>The first pixel of a plane.</summary>
    public unsafe float* Start(float* planes, int image, int plane) => planes + ((((nint)image * Planes) + plane) * PlaneStride) + (Border * Pixel);

    /// <summary>Writes the zeros on both sides of a row.</summary>
    public unsafe void ClearBorders(float* row)
    {
        new Span<float>(row - (Border * Pixel), Border * Pixel).Clear();
        new Span<float>(row + ((nint)Map.Width * Pixel), Border * Pixel).Clear();
    }

    /// <summary>Cuts rows of a map into planes.</summary>
    public unsafe void Scatter(TrainingKernels kernels, float* rows, RowRange range, float* planes)
    {
        for (int plane = 0; plane < Planes; plane++)
        {
            float* row = Start(planes, range.Image, plane) + (range.First * RowStride);
            float* from = rows + (plane * Pixel);
            for (int r = 0; r < range.Rows; r++)
            {
                kernels.CopyPixels(from, Map.Channels, row, Pixel, Map.Width);
                ClearBorders(row);
                from += (nint)Map.Width * Map.Channels;
                row += RowStride;
            }
        }
    }
}
