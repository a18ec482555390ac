namespace SegNeXt.Core;

/// <summary>One window of a picture.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct SlideWindow(int X, int Y, int Width, int Height);

/// <summary>
/// The windows of sliding inference, as the released code places them: at multiples of the stride, the last ones
/// shifted back inside the picture. A side shorter than the window's is taken whole.
/// </summary>
public static class SlideWindows
{
    /// <summary>Places the windows, rows of windows top to bottom.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="options">Window and stride; the stride is at most the window, so every pixel is covered.</param>
    public static IReadOnlyList<SlideWindow> Place(int width, int height, TestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        int columns = Count(width, options.CropWidth, options.StrideWidth);
        int rows = Count(height, options.CropHeight, options.StrideHeight);
        List<SlideWindow> windows = new(rows * columns);
        for (int row = 0; row < rows; row++)
        {
            (int y, int windowHeight) = Span(row, height, options.CropHeight, options.StrideHeight);
            for (int column = 0; column < columns; column++)
            {
                (int x, int windowWidth) = Span(column, width, options.CropWidth, options.StrideWidth);
                windows.Add(new SlideWindow(x, y, windowWidth, windowHeight));
            }
        }

        return windows;
    }

    private static int Count(int side, int crop, int stride) => (Math.Max(side - crop + stride - 1, 0) / stride) + 1;

    private static (int Start, int Length) Span(int index, int side, int crop, int stride)
    {
        int end = Math.Min((index * stride) + crop, side);
        int start = Math.Max(end - crop, 0);
        return (start, end - start);
    }
}
