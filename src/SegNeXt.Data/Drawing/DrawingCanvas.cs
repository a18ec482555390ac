using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Draws rectangles, lines, pictures and text on a picture. Whatever leaves the picture is cut off.</summary>
public sealed class DrawingCanvas
{
    /// <summary>Creates a canvas of one colour.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="background"><c>0xRRGGBB</c>.</param>
    public DrawingCanvas(int width, int height, int background = 0xFFFFFF)
        : this(new RgbImage(width, height)) => FillRectangle(0, 0, width, height, background);

    /// <summary>Draws on a picture that is there; its pixels are changed.</summary>
    /// <param name="image">The picture.</param>
    public DrawingCanvas(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image = image;
    }

    /// <summary>The picture that is drawn on.</summary>
    public RgbImage Image { get; }

    /// <summary>Columns.</summary>
    public int Width => Image.Width;

    /// <summary>Rows.</summary>
    public int Height => Image.Height;

    /// <summary>Fills a rectangle.</summary>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="color"><c>0xRRGGBB</c>.</param>
    public void FillRectangle(int x, int y, int width, int height, int color)
    {
        int left = Math.Max(x, 0);
        int top = Math.Max(y, 0);
        int length = (Math.Min(x + width, Width) - left) * 3;
        int bottom = Math.Min(y + height, Height);
        if (length <= 0 || top >= bottom)
        {
            return;
        }

        Span<byte> first = Image.Pixels.AsSpan((top * Width + left) * 3, length);
        for (int i = 0; i < length; i += 3)
        {
            first[i] = (byte)(color >> 16);
            first[i + 1] = (byte)(color >> 8);
            first[i + 2] = (byte)color;
        }

        for (int row = top + 1; row < bottom; row++)
        {
            first.CopyTo(Image.Pixels.AsSpan((row * Width + left) * 3));
        }
    }

    /// <summary>Draws a rectangle's border, one or more pixels wide, inside the rectangle.</summary>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="color"><c>0xRRGGBB</c>.</param>
    /// <param name="thickness">Pixels.</param>
    public void DrawRectangle(int x, int y, int width, int height, int color, int thickness = 1)
    {
        FillRectangle(x, y, width, thickness, color);
        FillRectangle(x, y + height - thickness, width, thickness, color);
        FillRectangle(x, y, thickness, height, color);
        FillRectangle(x + width - thickness, y, thickness, height, color);
    }

    /// <summary>Draws a straight line with smooth edges and round ends.</summary>
    /// <param name="x0">Column of the start; the middle of the first pixel is 0.5.</param>
    /// <param name="y0">Row of the start.</param>
    /// <param name="x1">Column of the end.</param>
    /// <param name="y1">Row of the end.</param>
    /// <param name="color"><c>0xRRGGBB</c>.</param>
    /// <param name="thickness">Pixels.</param>
    public void DrawLine(double x0, double y0, double x1, double y1, int color, double thickness = 1)
    {
        double radius = thickness / 2;
        double dx = x1 - x0;
        double dy = y1 - y0;
        double square = Math.Max(dx * dx + dy * dy, 1e-12);
        int bottom = (int)Math.Min(Height - 1, Math.Ceiling(Math.Max(y0, y1) + radius));
        int right = (int)Math.Min(Width - 1, Math.Ceiling(Math.Max(x0, x1) + radius));
        for (int y = (int)Math.Max(0, Math.Floor(Math.Min(y0, y1) - radius - 1)); y <= bottom; y++)
        {
            for (int x = (int)Math.Max(0, Math.Floor(Math.Min(x0, x1) - radius - 1)); x <= right; x++)
            {
                double along = Math.Clamp(((x + 0.5 - x0) * dx + (y + 0.5 - y0) * dy) / square, 0, 1);
                double distance = Math.Sqrt(Math.Pow(x + 0.5 - x0 - along * dx, 2) + Math.Pow(y + 0.5 - y0 - along * dy, 2));
                Blend(x, y, color, (int)(Math.Clamp(radius + 0.5 - distance, 0, 1) * 255 + 0.5));
            }
        }
    }

    /// <summary>Copies a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="x">Column of its left edge.</param>
    /// <param name="y">Row of its upper edge.</param>
    public void DrawImage(RgbImage image, int x, int y)
    {
        ArgumentNullException.ThrowIfNull(image);
        int left = Math.Max(x, 0);
        int right = Math.Min(x + image.Width, Width);
        for (int row = Math.Max(y, 0); row < Math.Min(y + image.Height, Height) && left < right; row++)
        {
            image.Pixels.AsSpan(((row - y) * image.Width + left - x) * 3, (right - left) * 3)
                .CopyTo(Image.Pixels.AsSpan((row * Width + left) * 3));
        }
    }

    /// <summary>Draws a line of text from left to right.</summary>
    /// <param name="text">One line.</param>
    /// <param name="x">Column where it begins.</param>
    /// <param name="baseline">The row below the feet of its letters.</param>
    /// <param name="renderer">The size and weight.</param>
    /// <param name="color"><c>0xRRGGBB</c>.</param>
    public void DrawText(string text, int x, int baseline, TextRenderer renderer, int color)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        renderer.Draw(this, text, x, baseline, color);
    }

    /// <summary>Mixes a colour into a pixel.</summary>
    /// <param name="x">Column; outside the picture nothing happens.</param>
    /// <param name="y">Row.</param>
    /// <param name="color"><c>0xRRGGBB</c>.</param>
    /// <param name="coverage">0 (nothing) to 255 (the colour alone).</param>
    internal void Blend(int x, int y, int color, int coverage)
    {
        if (coverage != 0 && (uint)x < (uint)Width && (uint)y < (uint)Height)
        {
            Colors.MixInto(Image.Pixels.AsSpan((y * Width + x) * 3, 3), color, coverage);
        }
    }
}
