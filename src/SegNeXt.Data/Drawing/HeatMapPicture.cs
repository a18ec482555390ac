using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A map of numbers from 0 to 1 as colours over a picture, with a bar that says what they mean.</summary>
public static class HeatMapPicture
{
    private const int BarWidth = 18;
    private const int SmallestBar = 96;
    private const int RegionColor = 0xFFFFFF;

    /// <summary>The colours from 0 to 1, those of the paper's figure: blue, cyan, green, yellow, red.</summary>
    private static readonly int[] s_ramp = [0x23178F, 0x2A52D8, 0x1FA2E8, 0x2BD4B4, 0x8EE04E, 0xF0D32A, 0xF5821E, 0xB4170C];

    /// <summary>Draws a map over a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="map">Numbers <c>[H, W]</c> of the picture's size, 0 to 1; what lies outside counts as the nearer end.</param>
    /// <param name="caption">What stands below, on as many lines as it needs.</param>
    /// <param name="region">A frame to be drawn, or null.</param>
    /// <param name="opacity">0 (the picture alone) to 1 (the colours alone).</param>
    /// <returns>A picture larger than <paramref name="image"/>, which lies unscaled in its upper left corner; the bar to its right.</returns>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static RgbImage Draw(RgbImage image, ReadOnlySpan<float> map, string caption, PixelWindow? region = null, double opacity = 0.55)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentOutOfRangeException.ThrowIfNegative(opacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(opacity, 1);
        if (map.Length != image.Width * image.Height)
        {
            throw new ArgumentException($"The map has {map.Length} numbers, the picture {image.Width}×{image.Height} pixels.", nameof(map));
        }

        TextRenderer text = new(Math.Clamp(Math.Sqrt((double)image.Width * image.Height) / 40, 13, 30));
        int gap = text.LineHeight * 2 / 3;
        int height = Math.Max(image.Height, SmallestBar);
        int width = image.Width + gap + BarWidth + 8 + text.Measure("0.5") + gap;
        IReadOnlyList<string> lines = text.Wrap(caption, width - (2 * gap));
        DrawingCanvas canvas = new(width, height + (lines.Count * text.LineHeight) + gap);
        canvas.DrawImage(Blend(image, map, opacity), 0, 0);
        if (region is { } frame)
        {
            canvas.DrawRectangle(frame.X, frame.Y, frame.Width, frame.Height, RegionColor, Math.Max(1, Math.Min(image.Width, image.Height) / 200));
        }

        DrawBar(canvas, image.Width + gap, height, text);
        for (int line = 0; line < lines.Count; line++)
        {
            canvas.DrawText(lines[line], gap, height + (gap / 2) + text.CapHeight + 2 + (line * text.LineHeight), text, Colors.Ink);
        }

        return canvas.Image;
    }

    /// <summary>The colour of a number from 0 to 1, <c>0xRRGGBB</c>.</summary>
    /// <param name="value">The number; what lies outside, and NaN, counts as the nearer end.</param>
    public static int Color(float value)
    {
        double place = (value > 0 ? Math.Min(value, 1f) : 0) * (double)(s_ramp.Length - 1);
        int lower = Math.Min((int)place, s_ramp.Length - 2);
        return Colors.Mix(s_ramp[lower], s_ramp[lower + 1], place - lower);
    }

    private static RgbImage Blend(RgbImage image, ReadOnlySpan<float> map, double opacity)
    {
        RgbImage blended = new(image.Width, image.Height, image.Pixels.AsSpan().ToArray());
        int share = (int)Math.Round(opacity * 255);
        for (int i = 0; i < map.Length; i++)
        {
            Colors.MixInto(blended.Pixels.AsSpan(3 * i, 3), Color(map[i]), share);
        }

        return blended;
    }

    private static void DrawBar(DrawingCanvas canvas, int x, int height, TextRenderer text)
    {
        int margin = text.CapHeight;
        int length = height - (2 * margin);
        for (int row = 0; row < length; row++)
        {
            canvas.FillRectangle(x, margin + row, BarWidth, 1, Color(1 - ((row + 0.5f) / length)));
        }

        canvas.DrawRectangle(x - 1, margin - 1, BarWidth + 2, length + 2, Colors.Line);
        foreach (double tick in (double[])[0, 0.5, 1])
        {
            int baseline = margin + (int)Math.Round((1 - tick) * length) + (text.CapHeight / 2);
            canvas.DrawText(tick.ToString("0.#", CultureInfo.InvariantCulture), x + BarWidth + 8, baseline, text, Colors.SoftInk);
        }
    }
}
