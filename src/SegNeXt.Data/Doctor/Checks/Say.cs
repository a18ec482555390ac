using System.Globalization;

namespace SegNeXt.Data;

/// <summary>Numbers and lists as findings word them.</summary>
internal static class Say
{
    /// <summary>"1 label", "3 labels".</summary>
    public static string Count(int count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>A share with two digits that count.</summary>
    public static string Percent(double share) => share switch
    {
        0 => "0 %",
        >= 0.0995 => (share * 100).ToString("0", CultureInfo.InvariantCulture) + " %",
        >= 0.00995 => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %",
        >= 0.00001 => (share * 100).ToString("0.###", CultureInfo.InvariantCulture) + " %",
        _ => "less than 0.001 %",
    };

    /// <summary>The first few of many, with the number of the others.</summary>
    public static string Some(IEnumerable<string> items, int most = 8)
    {
        string[] all = [.. items];
        return all.Length <= most + 1 ? string.Join(", ", all) : $"{string.Join(", ", all[..most])} and {all.Length - most} more";
    }

    /// <summary>Whole numbers with runs drawn together: "0-3, 7".</summary>
    public static string Ranges(IEnumerable<int> values)
    {
        List<(int From, int To)> runs = [];
        foreach (int value in values.Order())
        {
            if (runs.Count > 0 && runs[^1].To == value - 1)
            {
                runs[^1] = (runs[^1].From, value);
            }
            else
            {
                runs.Add((value, value));
            }
        }

        return Some(runs.Select(run => run.To == run.From ? $"{run.From}" : run.To == run.From + 1 ? $"{run.From}, {run.To}" : $"{run.From}-{run.To}"), 12);
    }

    /// <summary>"#RRGGBB".</summary>
    public static string Colour(int colour) => string.Create(CultureInfo.InvariantCulture, $"#{colour:X6}");

    /// <summary>The command that maps labels' values.</summary>
    public static string Relabel(DataSetFacts facts, string map) =>
        $"segnext doctor --data {Quote(facts.Listing.Root)} --relabel {Quote(map)} -o {Quote(Path.TrimEndingDirectorySeparator(facts.Listing.Root) + "-relabelled")}";

    /// <summary>A word of a command line.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':' or ',' or '=' or '\\')
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The files of samples' labels.</summary>
    public static FindingFile[] Labels(IEnumerable<SampleFacts> samples, Func<LabelFacts, string?>? detail = null) =>
        [.. samples.Select(sample => new FindingFile(sample.Label!.Path, detail?.Invoke(sample.Label)))];
}
