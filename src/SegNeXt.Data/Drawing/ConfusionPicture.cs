using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A confusion matrix as a picture: a row for each true class, a column for each predicted one.</summary>
public static class ConfusionPicture
{
    private const int Margin = 24;

    /// <summary>Cells at least this wide show their value.</summary>
    private const int CellWithValue = 34;

    /// <summary>The ramp from 0 to 1: light to dark, and even to the eye.</summary>
    private static readonly int[] s_ramp = [0xF7FBFF, 0xD6E6F4, 0xABD0E6, 0x6AAED6, 0x3787C0, 0x105BA4, 0x08306B];

    /// <summary>A class that does not occur has no shares.</summary>
    private const int NoValue = 0xEDEFF2;

    /// <summary>Draws a matrix whose rows stand one behind the other, as <see cref="ConfusionMatrix.NormalizeRows"/> gives it.</summary>
    /// <param name="rowNormalised">Shares <c>[K, K]</c>, index <c>truth · K + prediction</c>; NaN where the true class does not occur.</param>
    /// <param name="names">Names of the K classes.</param>
    /// <returns>A picture: labels, cells (with values in percent where they fit), and a scale. Made for K = 2 to 150; any K works.</returns>
    /// <exception cref="ArgumentException">There are not K² shares, or no names.</exception>
    public static RgbImage Draw(double[] rowNormalised, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(rowNormalised);
        ArgumentNullException.ThrowIfNull(names);
        int k = names.Count;
        if (k == 0 || rowNormalised.Length != k * k)
        {
            throw new ArgumentException($"{k}×{k} shares are needed, there are {rowNormalised.Length}.", nameof(rowNormalised));
        }

        int cell = k switch { <= 4 => 84, <= 8 => 60, <= 12 => 48, <= 19 => 40, <= 27 => CellWithValue, <= 60 => 20, _ => 14 };
        TextRenderer labels = new(Math.Clamp(cell * 0.45, 11, 18));
        TextRenderer values = new(Math.Clamp(cell * 0.36, 11, 20));
        TextRenderer titles = new(Math.Clamp(cell * 0.5, 14, 20), bold: true);
        string[] shown = [.. names.Select(name => labels.Fit(name, 16 * labels.LineHeight / 2 + 60))];
        int label = shown.Max(labels.Measure) + 10;

        int left = Margin + titles.LineHeight + 8 + label;
        int top = Margin + titles.LineHeight + 8 + label;
        int side = k * cell;
        int scaleLeft = left + side + Margin;
        DrawingCanvas canvas = new(scaleLeft + 16 + 10 + labels.Measure("100 %") + Margin, top + side + Margin);

        canvas.DrawText("predicted", left + (side - titles.Measure("predicted")) / 2, Margin + titles.CapHeight, titles, Colors.Ink);
        titles.DrawUpwards(canvas, "truth", Margin + titles.CapHeight, top + (side + titles.Measure("truth")) / 2, Colors.Ink);
        for (int i = 0; i < k; i++)
        {
            int middle = i * cell + (cell + labels.CapHeight) / 2;
            canvas.DrawText(shown[i], left - 10 - labels.Measure(shown[i]), top + middle, labels, Colors.Ink);
            labels.DrawUpwards(canvas, shown[i], left + middle, top - 10, Colors.Ink);
        }

        for (int row = 0; row < k; row++)
        {
            for (int column = 0; column < k; column++)
            {
                DrawCell(canvas, left + column * cell, top + row * cell, cell, rowNormalised[row * k + column], values);
            }
        }

        canvas.DrawRectangle(left - 1, top - 1, side + 2, side + 2, Colors.Line);
        DrawScale(canvas, scaleLeft, top, Math.Min(side, 320), labels);
        return canvas.Image;
    }

    private static void DrawCell(DrawingCanvas canvas, int x, int y, int cell, double value, TextRenderer text)
    {
        bool hasValue = !double.IsNaN(value);
        int color = hasValue ? Ramp(value) : NoValue;
        // A fine white line between the cells, as long as they are large enough to spare it.
        int inset = cell >= 20 ? 1 : 0;
        canvas.FillRectangle(x, y, cell - inset, cell - inset, color);
        if (cell < CellWithValue)
        {
            return;
        }

        string percent = !hasValue ? "–"
            : value >= 0.0995 ? (value * 100).ToString("0", CultureInfo.InvariantCulture)
            : value >= 0.0005 ? (value * 100).ToString("0.0", CultureInfo.InvariantCulture)
            : "";
        int ink = Colors.Lightness(color) < 0.55 ? Colors.Paper : value >= 0.0995 ? Colors.Ink : Colors.SoftInk;
        canvas.DrawText(percent, x + (cell - inset - text.Measure(percent)) / 2, y + (cell - inset + text.CapHeight) / 2, text, ink);
    }

    private static void DrawScale(DrawingCanvas canvas, int x, int y, int height, TextRenderer text)
    {
        const int Width = 16;
        for (int row = 0; row < height; row++)
        {
            canvas.FillRectangle(x, y + row, Width, 1, Ramp(1 - (row + 0.5) / height));
        }

        canvas.DrawRectangle(x - 1, y - 1, Width + 2, height + 2, Colors.Line);
        foreach (int percent in (int[])[0, 50, 100])
        {
            int baseline = y + (int)Math.Round((1 - percent / 100.0) * (height - text.CapHeight)) + text.CapHeight;
            canvas.DrawText($"{percent} %", x + Width + 10, baseline, text, Colors.SoftInk);
        }
    }

    private static int Ramp(double value)
    {
        double place = Math.Clamp(value, 0, 1) * (s_ramp.Length - 1);
        int lower = Math.Min((int)place, s_ramp.Length - 2);
        return Colors.Mix(s_ramp[lower], s_ramp[lower + 1], place - lower);
    }
}
