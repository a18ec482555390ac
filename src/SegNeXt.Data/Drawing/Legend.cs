using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>One line of a legend.</summary>
/// <param name="Name">The class.</param>
/// <param name="Color"><c>0xRRGGBB</c>.</param>
/// <param name="Share">Its part of the pixels, 0 to 1.</param>
internal sealed record LegendEntry(string Name, int Color, double Share)
{
    /// <summary>The share with two digits that count: "34 %", "3.4 %", "&lt; 0.1 %".</summary>
    public string Percent => Share switch
    {
        >= 0.0995 => (Share * 100).ToString("0", CultureInfo.InvariantCulture) + " %",
        >= 0.0005 => (Share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %",
        _ => "< 0.1 %",
    };
}

/// <summary>A legend, and where it stands by its picture, which lies in the upper left corner of the whole.</summary>
/// <param name="Width">Columns of the whole.</param>
/// <param name="Height">Rows of the whole.</param>
/// <param name="Panel">The legend, on white.</param>
/// <param name="Left">Its first column.</param>
/// <param name="Top">Its first row.</param>
internal sealed record LegendPlan(int Width, int Height, RgbImage Panel, int Left, int Top);

/// <summary>Puts a legend beside a picture or below it, whichever makes the smaller whole.</summary>
internal static class Legend
{
    /// <summary>Text is this part of the picture's mean edge, within bounds.</summary>
    private const double EdgePerSize = 46;

    private const double SmallestText = 13;
    private const double LargestText = 72;

    /// <summary>A name wider than this many text sizes is shortened.</summary>
    private const int WidestName = 16;

    /// <summary>The classes that occur, the largest share first.</summary>
    public static List<LegendEntry> Count(LabelMap labels, string[] names, int[] palette)
    {
        long[] counts = new long[256];
        foreach (byte id in labels.Ids)
        {
            counts[id]++;
        }

        return Count(counts, names, palette);
    }

    /// <summary>The classes that occur, the largest share first.</summary>
    /// <param name="counts">Pixels of each of the 256 ids.</param>
    /// <param name="names">Names of the classes by id.</param>
    /// <param name="palette">Their colours.</param>
    public static List<LegendEntry> Count(long[] counts, string[] names, int[] palette)
    {
        int known = Math.Min(names.Length, palette.Length);
        double all = counts.Sum();
        return
        [
            .. Enumerable.Range(0, Math.Min(known, counts.Length))
                .Where(id => counts[id] > 0)
                .OrderByDescending(id => counts[id])
                .Select(id => new LegendEntry(names[id], palette[id], counts[id] / all)),
        ];
    }

    /// <summary>The picture with its legend, on white.</summary>
    public static RgbImage Attach(RgbImage image, List<LegendEntry> entries)
    {
        if (entries.Count == 0)
        {
            return image;
        }

        LegendPlan plan = Plan(image.Width, image.Height, entries);
        DrawingCanvas canvas = new(plan.Width, plan.Height);
        canvas.DrawImage(image, 0, 0);
        canvas.DrawImage(plan.Panel, plan.Left, plan.Top);
        return canvas.Image;
    }

    /// <summary>Places and draws a legend.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="entries">At least one.</param>
    public static LegendPlan Plan(int width, int height, List<LegendEntry> entries)
    {
        Layout layout = new(new TextRenderer(Math.Clamp(Math.Sqrt((double)width * height) / EdgePerSize, SmallestText, LargestText)), entries);
        int rowsBeside = Math.Max(1, (height - 2 * layout.Padding) / layout.RowHeight);
        int columnsBeside = DivideUp(entries.Count, rowsBeside);
        int columnsBelow = Math.Clamp((width - layout.Padding) / layout.ColumnWidth, 1, entries.Count);
        (int Width, int Height) panelBeside = (layout.Width(columnsBeside), layout.Height(DivideUp(entries.Count, columnsBeside)));
        (int Width, int Height) panelBelow = (layout.Width(columnsBelow), layout.Height(DivideUp(entries.Count, columnsBelow)));
        (int Width, int Height) beside = (width + panelBeside.Width, Math.Max(height, panelBeside.Height));
        (int Width, int Height) below = (Math.Max(width, panelBelow.Width), height + panelBelow.Height);
        bool isBeside = (long)beside.Width * beside.Height <= (long)below.Width * below.Height;

        (int panelWidth, int panelHeight) = isBeside ? panelBeside : panelBelow;
        DrawingCanvas panel = new(panelWidth, panelHeight);
        layout.Draw(panel, 0, 0, DivideUp(entries.Count, isBeside ? columnsBeside : columnsBelow));
        return isBeside ? new(beside.Width, beside.Height, panel.Image, width, 0) : new(below.Width, below.Height, panel.Image, 0, height);
    }

    private static int DivideUp(int value, int by) => (value + by - 1) / by;

    /// <summary>Sizes of the legend's parts, in pixels.</summary>
    private sealed class Layout
    {
        private readonly TextRenderer _text;
        private readonly List<LegendEntry> _entries;
        private readonly int _swatch;
        private readonly int _gap;
        private readonly int _name;
        private readonly int _percent;

        public Layout(TextRenderer text, List<LegendEntry> entries)
        {
            _text = text;
            _entries = entries;
            _swatch = text.CapHeight + 2;
            _gap = Math.Max(6, text.CapHeight * 3 / 4);
            _name = Math.Min(entries.Max(entry => text.Measure(entry.Name)), WidestName * text.LineHeight * 3 / 4);
            _percent = entries.Max(entry => text.Measure(entry.Percent));
            Padding = text.LineHeight * 3 / 4;
            RowHeight = text.LineHeight * 6 / 5;
        }

        public int Padding { get; }

        public int RowHeight { get; }

        /// <summary>A column with the space to its right.</summary>
        public int ColumnWidth => _swatch + _gap + _name + 2 * _gap + _percent + 2 * Padding;

        public int Width(int columns) => Padding + columns * ColumnWidth - Padding;

        public int Height(int rows) => 2 * Padding + rows * RowHeight;

        public void Draw(DrawingCanvas canvas, int left, int top, int rows)
        {
            for (int i = 0; i < _entries.Count; i++)
            {
                LegendEntry entry = _entries[i];
                int x = left + Padding + i / rows * ColumnWidth;
                int middle = top + Padding + i % rows * RowHeight + RowHeight / 2;
                int baseline = middle + _text.CapHeight / 2;
                canvas.FillRectangle(x, baseline - _text.CapHeight - 1, _swatch, _swatch, entry.Color);
                if (Colors.Lightness(entry.Color) > 0.9)
                {
                    canvas.DrawRectangle(x, baseline - _text.CapHeight - 1, _swatch, _swatch, Colors.Line);
                }

                x += _swatch + _gap;
                canvas.DrawText(_text.Fit(entry.Name, _name), x, baseline, _text, Colors.Ink);
                x += _name + 2 * _gap + _percent;
                canvas.DrawText(entry.Percent, x - _text.Measure(entry.Percent), baseline, _text, Colors.SoftInk);
            }
        }
    }
}
