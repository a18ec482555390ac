using System.Globalization;

namespace SegNeXt.Training;

/// <summary>
/// The paper's Figure 1 as numbers: mean IoU against multiply-adds, a circle for each model whose area is its number of parameters,
/// models of a family joined by a line. <see cref="TradeOffSvg"/> and <see cref="TradeOffPicture"/> draw it.
/// </summary>
internal sealed class TradeOffChart
{
    public const double Width = 900;
    public const double Height = 520;
    public const double Left = 78;
    public const double Right = Width - 30;
    public const double Top = 26;
    public const double Bottom = Height - 62;
    public const double TextSize = 15;

    private const double LargestRadius = 26;
    private const double SmallestRadius = 4;

    /// <summary>Room around the largest and the smallest value, of the height between them.</summary>
    private const double Headroom = 0.18;

    /// <summary>Colours of the families: told apart also with a colour-vision deficiency (Okabe and Ito).</summary>
    private static readonly int[] s_colors = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x6E6E6E];

    public TradeOffChart(Comparison comparison)
    {
        ComparedModel[] models = [.. comparison.Models.Where(model => double.IsFinite(model.Result.Metrics.MIoU))];
        Horizontal = Axis.FromZero(1.08 * models.Select(model => model.Complexity.Gmacs).DefaultIfEmpty(1).Max(), 6);
        double low = models.Select(model => 100 * model.Result.Metrics.MIoU).DefaultIfEmpty(0).Min();
        double high = models.Select(model => 100 * model.Result.Metrics.MIoU).DefaultIfEmpty(100).Max();
        double room = Math.Max(1, (high - low) * Headroom);
        Vertical = Axis.Around(Math.Max(0, low - room), Math.Min(100, high + room), 5);
        string[] families = [.. models.Select(model => model.Family).Distinct()];
        double most = models.Select(model => (double)model.Complexity.Parameters).DefaultIfEmpty(1).Max();
        Circles =
        [
            .. models.Select(model => new Circle(
                model.Name, X(model.Complexity.Gmacs), Y(100 * model.Result.Metrics.MIoU),
                Math.Max(SmallestRadius, LargestRadius * Math.Sqrt(model.Complexity.Parameters / most)),
                s_colors[Array.IndexOf(families, model.Family) % s_colors.Length], About(model))),
        ];
        Lines = [.. families.Select(family => Join([.. models.Select((model, i) => (model, Circles[i])).Where(entry => entry.model.Family == family)])).OfType<Line>()];
        Labels = LabelPlaces.Of(Circles);
        HorizontalTitle = string.Create(CultureInfo.InvariantCulture, $"G multiply-adds at {comparison.Height}×{comparison.Width}");
    }

    public Axis Horizontal { get; }

    public Axis Vertical { get; }

    public string HorizontalTitle { get; }

    public const string VerticalTitle = "mean IoU, %";

    public IReadOnlyList<Circle> Circles { get; }

    public IReadOnlyList<Line> Lines { get; }

    /// <summary>Where each circle's name begins, and its baseline.</summary>
    public IReadOnlyList<(double X, double Y)> Labels { get; }

    public double X(double gmacs) => Left + (Horizontal.Place(gmacs) * (Right - Left));

    public double Y(double percent) => Bottom - (Vertical.Place(percent) * (Bottom - Top));

    /// <summary>Through the best model of each cost, as the paper joins a method's sizes; null where there is one cost alone.</summary>
    private static Line? Join(IReadOnlyList<(ComparedModel Model, Circle Circle)> members)
    {
        Circle[] best = [.. members.GroupBy(member => member.Model.Complexity.MultiplyAdds).OrderBy(same => same.Key).Select(same => same.MinBy(member => member.Circle.Y).Circle)];
        return best.Length > 1 ? new Line([.. best.Select(circle => (circle.X, circle.Y))], best[0].Color) : null;
    }

    private static string About(ComparedModel model) => string.Create(
        CultureInfo.InvariantCulture,
        $"{model.Name}: {100 * model.Result.Metrics.MIoU:0.0} % at {model.Complexity.Gmacs:0.0} G, {model.Complexity.Parameters / 1e6:0.0} M parameters");

    internal sealed record Circle(string Name, double X, double Y, double Radius, int Color, string About);

    internal sealed record Line(IReadOnlyList<(double X, double Y)> Points, int Color);
}
