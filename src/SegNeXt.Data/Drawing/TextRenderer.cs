using System.Collections.Concurrent;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Draws text in one size and weight of the program's own font: ASCII, Latin-1 and a few signs of typography; a box
/// stands for any other character. Thread-safe.
/// </summary>
public sealed class TextRenderer
{
    /// <summary>The smallest size that is drawn.</summary>
    public const double MinSize = 8;

    private const float RegularPen = 0.085f;
    private const float BoldPen = 0.135f;

    /// <summary>A thinner pen would leave grey strokes only.</summary>
    private const float ThinnestPen = 1.1f;

    private readonly ConcurrentDictionary<char, Glyph> _glyphs = new();
    private readonly float _size;
    private readonly float _pen;

    /// <summary>Creates a renderer.</summary>
    /// <param name="size">Nominal size in pixels, at least <see cref="MinSize"/>: capitals are 0.7 times as high, small letters half.</param>
    /// <param name="bold">Whether strokes are heavier.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below the least, or above 1000.</exception>
    public TextRenderer(double size, bool bold = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, MinSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1000);
        _size = (float)size;
        _pen = MathF.Max(ThinnestPen, _size * (bold ? BoldPen : RegularPen));
        float scale = _size / StrokeFont.UnitsPerSize;
        CapHeight = (int)MathF.Round(StrokeFont.CapHeight * scale);
        Descent = (int)MathF.Round(StrokeFont.Descent * scale);
        LineHeight = (int)MathF.Ceiling(_size * 1.3f);
    }

    /// <summary>Pixels from the baseline to the top of a capital.</summary>
    public int CapHeight { get; }

    /// <summary>Pixels from the baseline to the foot of a g.</summary>
    public int Descent { get; }

    /// <summary>Pixels from one baseline to the next.</summary>
    public int LineHeight { get; }

    /// <summary>The width of a text in pixels.</summary>
    /// <param name="text">One line.</param>
    public int Measure(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int width = 0;
        foreach (char character in text)
        {
            width += Get(character).Advance;
        }

        return width;
    }

    /// <summary>Shortens a text, with an ellipsis, until it is no wider than asked.</summary>
    /// <param name="text">One line.</param>
    /// <param name="width">Pixels.</param>
    /// <returns>The text itself where it fits.</returns>
    public string Fit(string text, int width)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Measure(text) <= width)
        {
            return text;
        }

        int length = text.Length;
        while (length > 0 && Measure(text[..length].TrimEnd() + '…') > width)
        {
            length--;
        }

        return text[..length].TrimEnd() + '…';
    }

    /// <summary>Breaks a text at its spaces into lines that are no wider than asked; a word that is wider alone is shortened.</summary>
    /// <param name="text">One line.</param>
    /// <param name="width">Pixels.</param>
    /// <returns>At least one line.</returns>
    public IReadOnlyList<string> Wrap(string text, int width) =>
        [.. LineBreaks.Break(text, (line, _) => Measure(line) <= width).Select(line => Fit(line, width))];

    /// <summary>Draws a line of text from left to right.</summary>
    /// <param name="canvas">Where; what leaves it is cut off.</param>
    /// <param name="text">One line.</param>
    /// <param name="x">Column where it begins.</param>
    /// <param name="baseline">The row below the feet of its letters.</param>
    /// <param name="color"><c>0xRRGGBB</c>.</param>
    public void Draw(DrawingCanvas canvas, string text, int x, int baseline, int color)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        ArgumentNullException.ThrowIfNull(text);
        foreach (char character in text)
        {
            Glyph glyph = Get(character);
            for (int i = 0; i < glyph.Coverage.Length; i++)
            {
                canvas.Blend(x + glyph.Left + i % glyph.Width, baseline - glyph.Top + i / glyph.Width, color, glyph.Coverage[i]);
            }

            x += glyph.Advance;
        }
    }

    /// <summary>Draws a line of text from bottom to top, turned a quarter to the left.</summary>
    /// <param name="canvas">Where; what leaves it is cut off.</param>
    /// <param name="text">One line.</param>
    /// <param name="baseline">The column to the right of the feet of its letters.</param>
    /// <param name="y">The row below its first letter's left edge.</param>
    /// <param name="color"><c>0xRRGGBB</c>.</param>
    public void DrawUpwards(DrawingCanvas canvas, string text, int baseline, int y, int color)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        ArgumentNullException.ThrowIfNull(text);
        foreach (char character in text)
        {
            Glyph glyph = Get(character);
            for (int i = 0; i < glyph.Coverage.Length; i++)
            {
                canvas.Blend(baseline - glyph.Top + i / glyph.Width, y - 1 - glyph.Left - i % glyph.Width, color, glyph.Coverage[i]);
            }

            y -= glyph.Advance;
        }
    }

    private Glyph Get(char character) => _glyphs.GetOrAdd(character, c => Glyph.Draw(c, _size, _pen));
}
