using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Draws rectangles and text into a picture. Colours are <c>0xRRGGBB</c>; what lies outside is cut off.</summary>
/// <param name="image">The picture that is drawn into.</param>
internal sealed class PictureCanvas(RgbImage image)
{
    /// <summary>Fills a rectangle.</summary>
    /// <param name="x">Left column.</param>
    /// <param name="y">Top row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="colour">The colour.</param>
    public void Fill(int x, int y, int width, int height, int colour)
    {
        int left = Math.Max(0, x);
        int right = Math.Min(image.Width, x + width);
        for (int row = Math.Max(0, y); row < Math.Min(image.Height, y + height); row++)
        {
            for (int column = left; column < right; column++)
            {
                int start = ((row * image.Width) + column) * 3;
                image.Pixels[start] = (byte)(colour >> 16);
                image.Pixels[start + 1] = (byte)(colour >> 8);
                image.Pixels[start + 2] = (byte)colour;
            }
        }
    }

    /// <summary>Writes a line of text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="x">Left column of the first letter.</param>
    /// <param name="y">Top row of capitals.</param>
    /// <param name="scale">Pixels to a dot of the font, at least 1.</param>
    /// <param name="colour">The colour.</param>
    public void Write(string text, int x, int y, int scale, int colour)
    {
        foreach (char letter in text)
        {
            for (int row = 0; row < BitmapFont.Height; row++)
            {
                for (int column = 0; column < BitmapFont.Advance; column++)
                {
                    if (BitmapFont.HasInk(letter, row, column))
                    {
                        Fill(x + (column * scale), y + (row * scale), scale, scale, colour);
                    }
                }
            }

            x += BitmapFont.Advance * scale;
        }
    }

    /// <summary>Writes a line of text from bottom to top.</summary>
    /// <param name="text">The text.</param>
    /// <param name="x">Left column of capitals.</param>
    /// <param name="y">The row below the first letter.</param>
    /// <param name="scale">Pixels to a dot of the font, at least 1.</param>
    /// <param name="colour">The colour.</param>
    public void WriteUp(string text, int x, int y, int scale, int colour)
    {
        foreach (char letter in text)
        {
            for (int row = 0; row < BitmapFont.Height; row++)
            {
                for (int column = 0; column < BitmapFont.Advance; column++)
                {
                    if (BitmapFont.HasInk(letter, row, column))
                    {
                        Fill(x + (row * scale), y - ((column + 1) * scale), scale, scale, colour);
                    }
                }
            }

            y -= BitmapFont.Advance * scale;
        }
    }

    /// <summary>Columns that a line of text takes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scale">Pixels to a dot of the font.</param>
    public static int WidthOf(string text, int scale) => text.Length * BitmapFont.Advance * scale;
}
