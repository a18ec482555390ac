using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Pictures side by side: a title over each column and, where wanted, a caption under each row.</summary>
public static class PictureGrid
{
    private const int SmallestCell = 160;
    private const int LargestCell = 640;

    /// <summary>Draws rows of pictures.</summary>
    /// <param name="rows">The pictures, each row with as many as there are titles; null leaves a place empty.</param>
    /// <param name="titles">What stands over the columns.</param>
    /// <param name="captions">What stands under the rows, as many as there are rows; null for none.</param>
    /// <param name="cellWidth">Columns of pixels for each picture; 0 chooses the widest picture's width within 160 to 640.</param>
    /// <returns>A picture. Each of <paramref name="rows"/> is resized to the cell's width, keeping its ratio.</returns>
    /// <exception cref="ArgumentException">Nothing to draw, or numbers of pictures, titles and captions that do not fit.</exception>
    public static RgbImage Draw(IReadOnlyList<IReadOnlyList<RgbImage?>> rows, IReadOnlyList<string> titles, IReadOnlyList<string>? captions = null, int cellWidth = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(titles);
        ArgumentOutOfRangeException.ThrowIfNegative(cellWidth);
        if (rows.Count == 0 || titles.Count == 0 || rows.Any(row => row.Count != titles.Count) || (captions is not null && captions.Count != rows.Count))
        {
            throw new ArgumentException($"{rows.Count} rows, {titles.Count} titles and {captions?.Count ?? 0} captions do not fit.", nameof(rows));
        }

        int widest = rows.SelectMany(row => row).Max(image => image?.Width ?? 0);
        int width = cellWidth > 0 ? cellWidth : Math.Clamp(widest, SmallestCell, LargestCell);
        TextRenderer title = new(Math.Clamp(width / 24.0, 14, 24), bold: true);
        TextRenderer caption = new(Math.Clamp(width / 28.0, 13, 20));
        int gap = Math.Max(6, width / 40);
        int captionHeight = captions is null ? 0 : caption.LineHeight;
        int[] heights = [.. rows.Select(row => row.Max(image => image is null ? 1 : Height(image, width)))];

        DrawingCanvas canvas = new(gap + titles.Count * (width + gap), gap + title.LineHeight + gap / 2 + heights.Sum() + rows.Count * (gap + captionHeight));
        for (int column = 0; column < titles.Count; column++)
        {
            string text = title.Fit(titles[column], width);
            canvas.DrawText(text, gap + column * (width + gap) + (width - title.Measure(text)) / 2, gap + title.CapHeight + 2, title, Colors.Ink);
        }

        int y = gap + title.LineHeight + gap / 2;
        for (int row = 0; row < rows.Count; row++)
        {
            for (int column = 0; column < titles.Count; column++)
            {
                if (rows[row][column] is { } image)
                {
                    canvas.DrawImage(ImageResize.Bilinear(image, width, Height(image, width)), gap + column * (width + gap), y);
                }
            }

            y += heights[row];
            if (captions is not null)
            {
                canvas.DrawText(caption.Fit(captions[row], canvas.Width - 2 * gap), gap, y + caption.LineHeight * 3 / 4 + 2, caption, Colors.SoftInk);
            }

            y += captionHeight + gap;
        }

        return canvas.Image;
    }

    private static int Height(RgbImage image, int width) => Math.Max(1, (int)Math.Round((double)image.Height * width / image.Width));
}
