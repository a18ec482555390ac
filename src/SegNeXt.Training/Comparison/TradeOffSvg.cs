using System.Globalization;

namespace SegNeXt.Training;

/// <summary>A <see cref="TradeOffChart"/> as SVG, for a page or as a file of its own.</summary>
internal static class TradeOffSvg
{
    /// <summary>Fonts and colours of the chart where no page says otherwise; in a page it follows the page's scheme.</summary>
    private const string Style =
        ".trade text{font:15px system-ui,sans-serif;fill:var(--ink,#1f2328)}.trade .soft{fill:var(--soft,#656d76);font-size:14px}.trade .rule{stroke:var(--grid,#e4e7ea);stroke-width:1}.trade .join{fill:none;stroke-width:2;opacity:.55}.trade circle{fill-opacity:.5;stroke-width:1.5}";

    /// <summary>The chart as an element.</summary>
    public static Html Write(TradeOffChart chart)
    {
        Html svg = new();
        svg.Add($"<svg class=\"trade\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {TradeOffChart.Width:0} {TradeOffChart.Height:0}\" role=\"img\" aria-label=\"{TradeOffChart.VerticalTitle} against {chart.HorizontalTitle}\"><style>").Raw(Style).Raw("</style>");
        foreach (double tick in chart.Vertical.Ticks)
        {
            double y = chart.Y(tick);
            svg.Add($"<path class=\"rule\" d=\"M{TradeOffChart.Left:0.#} {y:0.#}H{TradeOffChart.Right:0.#}\"/><text class=\"soft\" text-anchor=\"end\" x=\"{TradeOffChart.Left - 9:0.#}\" y=\"{y + 5:0.#}\">{Tick(tick)}</text>");
        }

        foreach (double tick in chart.Horizontal.Ticks)
        {
            double x = chart.X(tick);
            svg.Add($"<path class=\"rule\" d=\"M{x:0.#} {TradeOffChart.Top:0.#}V{TradeOffChart.Bottom:0.#}\"/><text class=\"soft\" text-anchor=\"middle\" x=\"{x:0.#}\" y=\"{TradeOffChart.Bottom + 21:0.#}\">{Tick(tick)}</text>");
        }

        double middle = (TradeOffChart.Top + TradeOffChart.Bottom) / 2;
        svg.Add($"<text text-anchor=\"middle\" x=\"{(TradeOffChart.Left + TradeOffChart.Right) / 2:0.#}\" y=\"{TradeOffChart.Height - 12:0.#}\">{chart.HorizontalTitle}</text>");
        svg.Add($"<text text-anchor=\"middle\" transform=\"translate(20 {middle:0.#}) rotate(-90)\">{TradeOffChart.VerticalTitle}</text>");
        foreach (TradeOffChart.Line line in chart.Lines)
        {
            svg.Add($"<path class=\"join\" stroke=\"{ReportNumbers.Color(line.Color)}\" d=\"");
            for (int i = 0; i < line.Points.Count; i++)
            {
                svg.Add($"{(i == 0 ? "M" : "L")}{line.Points[i].X:0.#} {line.Points[i].Y:0.#}");
            }

            svg.Raw("\"/>");
        }

        foreach (TradeOffChart.Circle circle in chart.Circles)
        {
            string color = ReportNumbers.Color(circle.Color);
            svg.Add($"<circle cx=\"{circle.X:0.#}\" cy=\"{circle.Y:0.#}\" r=\"{circle.Radius:0.#}\" fill=\"{color}\" stroke=\"{color}\"><title>{circle.About}</title></circle>");
        }

        foreach ((TradeOffChart.Circle circle, (double x, double y)) in chart.Circles.Zip(chart.Labels))
        {
            svg.Add($"<text x=\"{x:0.#}\" y=\"{y:0.#}\">{circle.Name}</text>");
        }

        return svg.Raw("</svg>");
    }

    /// <summary>A tick without trailing zeros.</summary>
    internal static string Tick(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
