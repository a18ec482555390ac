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
        int[] counts = new int[256];
        foreach (byte id in labels.Ids)
        {
            counts[id]++;
        }

        int known = Math.Min(names.Length, palette.Length);
        return
        [
            .. Enumerable.Range(0, Math.Min(known, counts.Length))
                .Where(id => counts[id] > 0)
                .OrderByDescending(id => counts[id])
                .Select(id => new LegendEntry(names[id], palette[id], (double)counts[id] / labels.Ids.Length)),
        ];
    }

    /// <summary>The picture with its legend, on white.</summary>
    public static RgbImage Attach(RgbImage image, List<LegendEntry> entries)
    {
        if (entries.Count == 0)
        {
            return image;
        }

        Layout layout = new(new TextRenderer(Math.Clamp(Math.Sqrt((double)image.Width * image.Height) / EdgePerSize, SmallestText, LargestText)), entries);
        int rowsBeside = Math.Max(1, (image.Height - 2 * layout.Padding) / layout.RowHeight);
        int columnsBeside = DivideUp(entries.Count, rowsBeside);
        int columnsBelow = Math.Clamp((image.Width - layout.Padding) / layout.ColumnWidth, 1, entries.Count);
        (int Width, int Height) beside = (image.Width + layout.Width(columnsBeside), Math.Max(image.Height, layout.Height(DivideUp(entries.Count, columnsBeside))));
        (int Width, int Height) below = (Math.Max(image.Width, layout.Width(columnsBelow)), image.Height + layout.Height(DivideUp(entries.Count, columnsBelow)));
        bool isBeside = (long)beside.Width * beside.Height <= (long)below.Width * below.Height;

        DrawingCanvas canvas = isBeside ? new(beside.Width, beside.Height) : new(below.Width, below.Height);
        canvas.DrawImage(image, 0, 0);
        layout.Draw(canvas, isBeside ? image.Width : 0, isBeside ? 0 : image.Height, DivideUp(entries.Count, isBeside ? columnsBeside : columnsBelow));
        return canvas.Image;
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
