using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>A <see cref="TradeOffChart"/> as pixels.</summary>
internal static class TradeOffPicture
{
    private const int Ink = 0x1F2328;
    private const int SoftInk = 0x656D76;
    private const int Rule = 0xE4E7EA;

    /// <summary>Pixels a unit of the chart.</summary>
    private const double Scale = 1.6;

    public static RgbImage Draw(TradeOffChart chart)
    {
        DrawingCanvas canvas = new((int)(TradeOffChart.Width * Scale), (int)(TradeOffChart.Height * Scale));
        TextRenderer text = new(TradeOffChart.TextSize * Scale);
        TextRenderer small = new(TradeOffChart.TextSize * Scale * 0.92);
        foreach (double tick in chart.Vertical.Ticks)
        {
            int y = At(chart.Y(tick));
            canvas.FillRectangle(At(TradeOffChart.Left), y, At(TradeOffChart.Right) - At(TradeOffChart.Left), 1, Rule);
            string value = TradeOffSvg.Tick(tick);
            canvas.DrawText(value, At(TradeOffChart.Left - 9) - small.Measure(value), y + (small.CapHeight / 2), small, SoftInk);
        }

        foreach (double tick in chart.Horizontal.Ticks)
        {
            int x = At(chart.X(tick));
            canvas.FillRectangle(x, At(TradeOffChart.Top), 1, At(TradeOffChart.Bottom) - At(TradeOffChart.Top), Rule);
            string value = TradeOffSvg.Tick(tick);
            canvas.DrawText(value, x - (small.Measure(value) / 2), At(TradeOffChart.Bottom + 21), small, SoftInk);
        }

        int centre = At((TradeOffChart.Left + TradeOffChart.Right) / 2), middle = At((TradeOffChart.Top + TradeOffChart.Bottom) / 2);
        canvas.DrawText(chart.HorizontalTitle, centre - (text.Measure(chart.HorizontalTitle) / 2), At(TradeOffChart.Height - 12), text, Ink);
        text.DrawUpwards(canvas, TradeOffChart.VerticalTitle, At(20), middle + (text.Measure(TradeOffChart.VerticalTitle) / 2), Ink);
        foreach (TradeOffChart.Line line in chart.Lines)
        {
            foreach (((double x0, double y0), (double x1, double y1)) in line.Points.Zip(line.Points.Skip(1)))
            {
                canvas.DrawLine(x0 * Scale, y0 * Scale, x1 * Scale, y1 * Scale, Light(line.Color, 0.55), 2 * Scale);
            }
        }

        foreach (TradeOffChart.Circle circle in chart.Circles)
        {
            // A line without length and with round ends.
            canvas.DrawLine(circle.X * Scale, circle.Y * Scale, circle.X * Scale, circle.Y * Scale, circle.Color, 2 * circle.Radius * Scale);
            double inner = Math.Max(0, (circle.Radius * Scale) - 2.4);
            canvas.DrawLine(circle.X * Scale, circle.Y * Scale, circle.X * Scale, circle.Y * Scale, Light(circle.Color, 0.6), 2 * inner);
        }

        foreach ((TradeOffChart.Circle circle, (double x, double y)) in chart.Circles.Zip(chart.Labels))
        {
            canvas.DrawText(circle.Name, At(x), At(y), text, Ink);
        }

        return canvas.Image;
    }

    private static int At(double place) => (int)Math.Round(place * Scale);

    /// <summary>A colour mixed with white.</summary>
    private static int Light(int color, double share)
    {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8)
        {
            mixed |= (int)Math.Round((((color >> shift) & 255) * share) + (255 * (1 - share))) << shift;
        }

        return mixed;
    }
}
