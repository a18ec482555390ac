namespace SegNeXt.Data;

/// <summary>A character drawn at one size: how much each pixel is covered.</summary>
/// <param name="Left">Column of the mask's first column, from the pen's place.</param>
/// <param name="Top">Rows from the baseline up to the mask's first row's upper edge.</param>
/// <param name="Width">Columns of the mask.</param>
/// <param name="Height">Rows of the mask.</param>
/// <param name="Coverage">0 to 255 for each pixel, rows top to bottom.</param>
/// <param name="Advance">How far the pen goes on.</param>
internal sealed record Glyph(int Left, int Top, int Width, int Height, byte[] Coverage, int Advance)
{
    /// <summary>Gap between two characters, and width of a space, in units.</summary>
    private const float Gap = 2.5f;

    private const float Space = 5;

    private const float DigitWidth = 8;

    /// <summary>Dots are a little wider than the pen, else they look smaller.</summary>
    private const float DotScale = 1.25f;

    /// <summary>Draws a character.</summary>
    /// <param name="character">Any; a box stands for one that the font does not have.</param>
    /// <param name="size">Nominal size in pixels.</param>
    /// <param name="pen">Width of the pen in pixels.</param>
    public static Glyph Draw(char character, float size, float pen)
    {
        float scale = size / StrokeFont.UnitsPerSize;
        List<Stroke> strokes = StrokePath.Parse(StrokeFont.Path(character));
        if (strokes.Count == 0)
        {
            return new Glyph(0, 0, 0, 0, [], (int)MathF.Round(Space * scale));
        }

        float right = strokes.Max(s => Math.Max(s.X0, s.X1));
        int bearing = Math.Max(1, (int)MathF.Round(Gap * scale / 2));
        int advance = (int)MathF.Round((char.IsAsciiDigit(character) ? DigitWidth : right) * scale + pen) + 2 * bearing;
        PixelFit across = PixelFit.Columns(strokes, scale, pen);
        PixelFit up = PixelFit.Rows(strokes, scale, pen);
        Stroke[] fitted = [.. strokes.Select(s => new Stroke(across.Map(s.X0), up.Map(s.Y0), across.Map(s.X1), up.Map(s.Y1), s.IsLine))];

        float margin = pen * DotScale / 2 + 1;
        int left = (int)MathF.Floor(fitted.Min(s => Math.Min(s.X0, s.X1)) - margin);
        int width = (int)MathF.Ceiling(fitted.Max(s => Math.Max(s.X0, s.X1)) + margin) - left;
        int bottom = (int)MathF.Floor(fitted.Min(s => Math.Min(s.Y0, s.Y1)) - margin);
        int top = (int)MathF.Ceiling(fitted.Max(s => Math.Max(s.Y0, s.Y1)) + margin);
        byte[] coverage = new byte[width * (top - bottom)];
        for (int i = 0; i < coverage.Length; i++)
        {
            coverage[i] = Cover(fitted, left + i % width + 0.5f, top - i / width - 0.5f, pen / 2);
        }

        return new Glyph(left + bearing, top, width, top - bottom, coverage, advance);
    }

    /// <summary>How much of a pixel the nearest stroke covers, by its distance from the pixel's middle.</summary>
    private static byte Cover(Stroke[] strokes, float x, float y, float radius)
    {
        float best = float.NegativeInfinity;
        foreach (Stroke s in strokes)
        {
            float dx = s.X1 - s.X0;
            float dy = s.Y1 - s.Y0;
            float along = s.IsDot ? 0 : Math.Clamp(((x - s.X0) * dx + (y - s.Y0) * dy) / (dx * dx + dy * dy), 0, 1);
            float distance = MathF.Sqrt(Square(x - s.X0 - along * dx) + Square(y - s.Y0 - along * dy));
            best = MathF.Max(best, (s.IsDot ? radius * DotScale : radius) - distance);
        }

        return (byte)(Math.Clamp(best + 0.5f, 0, 1) * 255 + 0.5f);
    }

    private static float Square(float value) => value * value;
}
