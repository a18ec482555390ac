using System.Globalization;

namespace SegNeXt.Training;

/// <summary>How the report writes numbers; what is not finite is a dash.</summary>
internal static class ReportNumbers
{
    public const string None = "–";

    /// <summary>A fraction as per cent with one decimal, without the sign.</summary>
    public static string Percent(double fraction) => double.IsFinite(fraction) ? (100 * fraction).ToString("0.0", CultureInfo.InvariantCulture) : None;

    /// <summary>A whole number with commas.</summary>
    public static string Count(double value) => double.IsFinite(value) ? value.ToString("#,0", CultureInfo.InvariantCulture) : None;

    /// <summary>A number with four significant digits, small and large ones with an exponent.</summary>
    public static string Short(double value)
    {
        if (!double.IsFinite(value))
        {
            return None;
        }

        double size = Math.Abs(value);
        return size switch
        {
            0 or (>= 1e-3 and < 1e4) => value.ToString("G4", CultureInfo.InvariantCulture),
            >= 1e4 and < 1e6 => Count(value),
            _ => Exponent(value),
        };
    }

    /// <summary>A number with an exponent, as learning rates are written: 7.5e-4; zero is 0.</summary>
    public static string Exponent(double value) =>
        !double.IsFinite(value) ? None : value == 0 ? "0" : value.ToString("0.###e0", CultureInfo.InvariantCulture);

    /// <summary>A fraction as per cent with its sign, and no more decimals than it needs.</summary>
    public static string PercentTick(double fraction) => (100 * fraction).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>Millions with three significant digits.</summary>
    public static string Millions(double value) => double.IsFinite(value) ? (value / 1e6).ToString("G3", CultureInfo.InvariantCulture) : None;

    /// <summary>A time as a number and its units: 42 s, 51 min, 1 h 23 min, 3 d 4 h.</summary>
    public static IReadOnlyList<(string Number, string Unit)> Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0)
        {
            return [(None, string.Empty)];
        }

        (long major, string majorUnit, long minor, string minorUnit) = Math.Round(seconds) switch
        {
            < 100 => ((long)Math.Round(seconds), "s", 0L, ""),
            < 3570 => ((long)Math.Round(seconds / 60), "min", 0L, ""),
            < 86370 => ((long)Math.Round(seconds / 60) / 60, "h", (long)Math.Round(seconds / 60) % 60, "min"),
            _ => ((long)Math.Round(seconds / 3600) / 24, "d", (long)Math.Round(seconds / 3600) % 24, "h"),
        };
        (string, string) first = (Count(major), majorUnit);
        return minor == 0 ? [first] : [first, (Count(minor), minorUnit)];
    }

    /// <summary>A colour as CSS has it.</summary>
    public static string Color(int rgb) => string.Create(CultureInfo.InvariantCulture, $"#{rgb & 0xffffff:x6}");
}
