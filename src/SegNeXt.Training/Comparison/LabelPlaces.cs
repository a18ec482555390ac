namespace SegNeXt.Training;

/// <summary>Puts a name beside each circle of a chart where it covers the least of the others, right of it rather than elsewhere.</summary>
internal static class LabelPlaces
{
    /// <summary>Mean width of a letter, of the text's size; wide enough for either renderer.</summary>
    private const double LetterWidth = 0.58;

    private const double Gap = 5;

    public static IReadOnlyList<(double X, double Y)> Of(IReadOnlyList<TradeOffChart.Circle> circles)
    {
        List<Box> taken = [.. circles.Select(circle => new Box(circle.X - circle.Radius, circle.Y - circle.Radius, circle.X + circle.Radius, circle.Y + circle.Radius))];
        List<(double, double)> places = [];
        foreach (TradeOffChart.Circle circle in circles)
        {
            double width = circle.Name.Length * TradeOffChart.TextSize * LetterWidth;
            Box best = Candidates(circle, width).MinBy(box => Cost(box, taken))!;
            taken.Add(best);
            places.Add((best.Left, best.Bottom));
        }

        return places;
    }

    private static IEnumerable<Box> Candidates(TradeOffChart.Circle circle, double width)
    {
        double side = circle.Radius + Gap, slant = (circle.Radius * 0.72) + Gap, size = TradeOffChart.TextSize;
        (double X, double Middle)[] places =
        [
            (circle.X + side, circle.Y), (circle.X + slant, circle.Y + slant), (circle.X + slant, circle.Y - slant),
            (circle.X - (width / 2), circle.Y - side - (size / 2)), (circle.X - (width / 2), circle.Y + side + (size / 2)),
            (circle.X - side - width, circle.Y), (circle.X - slant - width, circle.Y + slant), (circle.X - slant - width, circle.Y - slant),
        ];
        return places.Select(place => new Box(place.X, place.Middle - (size * 0.4), place.X + width, place.Middle + (size * 0.4)));
    }

    /// <summary>Area that is covered twice, and what leaves the plot ten times over.</summary>
    private static double Cost(Box box, List<Box> taken)
    {
        Box plot = new(TradeOffChart.Left, TradeOffChart.Top, TradeOffChart.Right, TradeOffChart.Bottom);
        return taken.Sum(box.Shared) + (10 * (box.Area - box.Shared(plot)));
    }

    private sealed record Box(double Left, double Top, double Right, double Bottom)
    {
        public double Area => (Right - Left) * (Bottom - Top);

        public double Shared(Box other) =>
            Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left)) * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));
    }
}
