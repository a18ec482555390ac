using System.Globalization;

namespace SegNeXt.Training;

/// <summary>A linear axis with round ticks.</summary>
internal sealed record Axis(double Min, double Max, IReadOnlyList<double> Ticks)
{
    /// <summary>An axis from 0 to a round number at or above the largest value.</summary>
    /// <param name="largest">The largest value, above 0.</param>
    /// <param name="intervals">About how many intervals between ticks are wanted.</param>
    /// <param name="exact">Whether the axis ends at the largest value itself rather than at a tick.</param>
    public static Axis FromZero(double largest, int intervals, bool exact = false)
    {
        if (!(largest > 0) || !double.IsFinite(largest))
        {
            largest = 1;
        }

        double step = Step(largest / intervals);
        int last = exact ? (int)Math.Floor((largest / step) + 1e-9) : (int)Math.Ceiling((largest / step) - 1e-9);
        double[] ticks = [.. Enumerable.Range(0, last + 1).Select(i => Round(i * step))];
        return new Axis(0, exact ? largest : ticks[^1], ticks);
    }

    /// <summary>An axis between round numbers at or below the smallest value and at or above the largest.</summary>
    /// <param name="smallest">The smallest value.</param>
    /// <param name="largest">The largest value, above the smallest.</param>
    /// <param name="intervals">About how many intervals between ticks are wanted.</param>
    public static Axis Around(double smallest, double largest, int intervals)
    {
        double step = Step((largest - smallest) / intervals);
        int first = (int)Math.Floor((smallest / step) + 1e-9);
        int last = Math.Max(first + 1, (int)Math.Ceiling((largest / step) - 1e-9));
        double[] ticks = [.. Enumerable.Range(first, last - first + 1).Select(i => Round(i * step))];
        return new Axis(ticks[0], ticks[^1], ticks);
    }

    /// <summary>Where a value lies, 0 at the axis's start and 1 at its end.</summary>
    public double Place(double value) => (value - Min) / (Max - Min);

    /// <summary>The round step at or above a rough one: 1, 2, 2.5, 5 or 10 times a power of ten.</summary>
    private static double Step(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * ((rough / power) switch
        {
            <= 1.0000001 => 1,
            <= 2.0000001 => 2,
            <= 2.5000001 => 2.5,
            <= 5.0000001 => 5,
            _ => 10,
        });
    }

    // 3 * 0.1 is 0.30000000000000004; ticks are numbers of few digits.
    private static double Round(double value) => double.Parse(value.ToString("G10", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
