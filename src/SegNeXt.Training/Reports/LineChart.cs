using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SegNeXt.Training;

/// <summary>
/// A chart of curves over iterations. The curves are an SVG that stretches to the page's width; the numbers beside them
/// are text of fixed size, so that the chart reads well on a telephone too. A small script shows values at the pointer.
/// </summary>
internal sealed class LineChart
{
    // The SVG's own units; it is stretched to whatever the page has.
    private const double Width = 1000;
    private const double Height = 400;
    private const int MaxPoints = 1600;

    private readonly List<Series> _series = [];

    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>A sentence below the heading.</summary>
    public string Note { get; init; } = string.Empty;

    /// <summary>The last iteration on the axis.</summary>
    public required double LastIteration { get; init; }

    /// <summary>The vertical axis.</summary>
    public required Axis Vertical { get; init; }

    /// <summary>How values are written.</summary>
    public Func<double, string> Format { get; init; } = ReportNumbers.Short;

    /// <summary>How the ticks of the vertical axis are written.</summary>
    public Func<double, string> FormatTick { get; init; } = ReportNumbers.Short;

    /// <summary>Adds a curve.</summary>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="style">Its CSS class: <c>main</c>, <c>faint</c> or <c>second</c>.</param>
    /// <param name="curve">Its points.</param>
    /// <param name="dots">Whether each point is marked.</param>
    public LineChart Add(string name, string style, Curve curve, bool dots = false)
    {
        _series.Add(new Series(name, style, curve.Thin(MaxPoints), dots));
        return this;
    }

    /// <summary>The chart as a figure.</summary>
    public Html Write()
    {
        Html html = new();
        html.Add($"<figure class=\"chart\"><figcaption><h3>{Title}</h3>");
        if (_series.Count > 1)
        {
            html.Raw("<p class=\"keys\">");
            foreach (Series series in _series)
            {
                html.Add($"<span><i class=\"key {series.Style}\"></i>{series.Name}</span>");
            }

            html.Raw("</p>");
        }

        html.Add($"</figcaption><div class=\"plot\" data-last=\"{Number(LastIteration)}\" data-top=\"{Number(Vertical.Max)}\" data-series=\"{Data()}\">");
        html.Add($"<svg viewBox=\"0 0 {Width:0} {Height:0}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{Title}\"><path class=\"grid\" d=\"{Grid()}\"/>");
        foreach (Series series in _series)
        {
            html.Add($"<path class=\"curve {series.Style}\" d=\"{PathOf(series.Curve)}\"/>");
            if (series.Dots)
            {
                html.Add($"<path class=\"dots {series.Style}\" d=\"{DotsOf(series.Curve)}\"/>");
            }
        }

        html.Raw("</svg>");
        foreach (double tick in Vertical.Ticks)
        {
            html.Add($"<span class=\"y\" style=\"top:{100 * (1 - Vertical.Place(tick)):0.##}%\">{FormatTick(tick)}</span>");
        }

        Axis horizontal = Axis.FromZero(LastIteration, 5, exact: true);
        foreach (double tick in horizontal.Ticks)
        {
            html.Add($"<span class=\"x\" style=\"left:{100 * horizontal.Place(tick):0.##}%\">{ReportNumbers.Count(tick)}</span>");
        }

        html.Raw("<span class=\"cursor\" hidden></span><output hidden></output></div>");
        if (Note.Length > 0)
        {
            html.Add($"<p class=\"note\">{Note}</p>");
        }

        return html.Raw("</figure>");
    }

    private string Grid()
    {
        StringBuilder path = new();
        foreach (double tick in Vertical.Ticks)
        {
            path.Append(CultureInfo.InvariantCulture, $"M0 {Y(tick)}H{Width:0}");
        }

        return path.ToString();
    }

    /// <summary>The curve, interrupted where it is not finite; a point between two gaps becomes a dot.</summary>
    private string PathOf(Curve curve)
    {
        StringBuilder path = new();
        for (int i = 0; i < curve.Count; i++)
        {
            if (!double.IsFinite(curve.Y[i]))
            {
                continue;
            }

            bool begins = i == 0 || !double.IsFinite(curve.Y[i - 1]);
            bool ends = i == curve.Count - 1 || !double.IsFinite(curve.Y[i + 1]);
            path.Append(CultureInfo.InvariantCulture, $"{(begins ? 'M' : 'L')}{X(curve.X[i])} {Y(curve.Y[i])}{(begins && ends ? "h0" : "")}");
        }

        return path.ToString();
    }

    private string DotsOf(Curve curve)
    {
        StringBuilder path = new();
        for (int i = 0; i < curve.Count; i++)
        {
            if (double.IsFinite(curve.Y[i]))
            {
                path.Append(CultureInfo.InvariantCulture, $"M{X(curve.X[i])} {Y(curve.Y[i])}h0");
            }
        }

        return path.ToString();
    }

    private string X(double iteration) => Number(Math.Round(Width * iteration / Math.Max(1, LastIteration), 1));

    // What lies above the plot is drawn at a finite place outside, where it is clipped.
    private string Y(double value) => Number(Math.Round(Height * (1 - Math.Clamp(Vertical.Place(value), -1, 2)), 1));

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The curves for the script: <c>[{name, style, x: [number …], y: [text or null …]}]</c>.</summary>
    private string Data()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartArray();
            foreach (Series series in _series)
            {
                json.WriteStartObject();
                json.WriteString("name", series.Name);
                json.WriteString("style", series.Style);
                json.WriteStartArray("x");
                foreach (double x in series.Curve.X)
                {
                    json.WriteNumberValue(x);
                }

                json.WriteEndArray();
                json.WriteStartArray("y");
                foreach (double y in series.Curve.Y)
                {
                    if (double.IsFinite(y))
                    {
                        json.WriteStringValue(Format(y));
                    }
                    else
                    {
                        json.WriteNullValue();
                    }
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed record Series(string Name, string Style, Curve Curve, bool Dots);
}
