using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Stripes for what is no class: pixels that are ignored, and padding.</summary>
internal static class Hatching
{
    private const int Period = 8;
    private const int Stroke = 3;

    /// <summary>Colour of padding between its lines.</summary>
    private const int PaddingGround = 0xE8EBEF;

    private const int PaddingLine = 0xA3ACB7;

    /// <summary>Covers padding, and, where wanted, ignored pixels.</summary>
    /// <param name="shown">The picture at the size in which it is shown; changed.</param>
    /// <param name="picture">What it shows.</param>
    /// <param name="ignored">Whether ignored pixels are marked too.</param>
    public static void Draw(RgbImage shown, SamplePicture picture, bool ignored)
    {
        for (int y = 0; y < shown.Height; y++)
        {
            int sourceY = Math.Min(y * picture.Label.Height / shown.Height, picture.Label.Height - 1);
            for (int x = 0; x < shown.Width; x++)
            {
                int sourceX = Math.Min(x * picture.Label.Width / shown.Width, picture.Label.Width - 1);
                Span<byte> pixel = shown.Pixels.AsSpan(((y * shown.Width) + x) * 3, 3);
                if (picture.IsPadding(sourceX, sourceY))
                {
                    Colors.MixInto(pixel, PaddingColour(x, y), 255);
                }
                else if (ignored && picture.Label.Ids[(sourceY * picture.Label.Width) + sourceX] == LabelMap.Ignore)
                {
                    Ignored(pixel, x, y);
                }
            }
        }
    }

    /// <summary>A field of one of the two kinds, for a legend.</summary>
    public static void Fill(DrawingCanvas canvas, int x, int y, int size, bool padding)
    {
        for (int row = y; row < y + size; row++)
        {
            for (int column = x; column < x + size; column++)
            {
                Span<byte> pixel = canvas.Image.Pixels.AsSpan(((row * canvas.Width) + column) * 3, 3);
                Colors.MixInto(pixel, padding ? PaddingColour(column, row) : 0x9AA1A9, 255);
                if (!padding)
                {
                    Ignored(pixel, column, row);
                }
            }
        }

        canvas.DrawRectangle(x, y, size, size, Colors.Line);
    }

    private static int PaddingColour(int x, int y) => (x + y) % Period == 0 || (x - y + (1 << 20)) % Period == 0 ? PaddingLine : PaddingGround;

    private static void Ignored(Span<byte> pixel, int x, int y) =>
        Colors.MixInto(pixel, (x + y) % Period < Stroke ? Colors.Paper : Colors.Ink, (x + y) % Period < Stroke ? 190 : 90);
}
