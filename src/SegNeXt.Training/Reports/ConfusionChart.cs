namespace SegNeXt.Training;

/// <summary>The confusion matrix as a picture: what became of each class's pixels, row by row.</summary>
internal static class ConfusionChart
{
    // Below this share a cell is as good as empty; leaving it out keeps the file small with 150 classes.
    private const double LeastShare = 0.005;
    private const int NumbersUpTo = 24;
    private const int LabelsUpTo = 60;
    private const int Listed = 6;
    private const int ListedOfMany = 20;
    private const int LongestName = 22;

    /// <summary>The section; empty where the evaluation has no matrix.</summary>
    public static Html Write(EvaluationData? evaluation)
    {
        Html html = new();
        if (evaluation?.Confusion is not { } counts || counts.Length < 2)
        {
            return html;
        }

        double[][] shares = [.. counts.Select(row => row.Sum() is double sum and > 0 ? row.Select(v => v / sum).ToArray() : new double[row.Length])];
        string[] names = [.. evaluation.Classes.Select(figures => figures.Name)];
        html.Raw($"<section id=\"confusion\"><h2>Confusion</h2><p class=\"lead\">Each row is a class of the ground truth and shows, in per cent, what its {(double.IsFinite(evaluation.Top.Top1) ? "images" : "pixels")} were taken for.</p><div class=\"confusion\"><div class=\"scroll\">");
        html.Add(Picture(shares, counts, names));
        html.Raw("</div>").Add(Worst(shares, names)).Raw("</div></section>");
        return html;
    }

    private static Html Picture(double[][] shares, double[][] counts, string[] names)
    {
        int n = names.Length;
        bool labels = n <= LabelsUpTo;
        int cell = n <= NumbersUpTo ? 40 : Math.Max(6, 720 / n);
        int longest = Math.Min(LongestName, names.Max(name => name.Length));
        int left = labels ? (longest * 7) + 12 : 2;
        int top = labels ? (int)(longest * 5.2) + 14 : 2;
        int right = labels ? (int)(longest * 5.2) : 2;
        int width = left + (n * cell) + right;
        int height = top + (n * cell) + 2;
        Html html = new();
        html.Add($"<svg class=\"matrix\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Confusion matrix\">");
        html.Add($"<rect class=\"frame\" x=\"{left}\" y=\"{top}\" width=\"{n * cell}\" height=\"{n * cell}\"/>");
        for (int i = 0; labels && i < n; i++)
        {
            int middle = (i * cell) + (cell / 2);
            html.Add($"<text class=\"row\" x=\"{left - 8}\" y=\"{top + middle + 4}\">{Short(names[i])}</text>");
            html.Add($"<text class=\"column\" transform=\"translate({left + middle + 3} {top - 7}) rotate(-45)\">{Short(names[i])}</text>");
        }

        for (int truth = 0; truth < n; truth++)
        {
            for (int taken = 0; taken < n; taken++)
            {
                double share = shares[truth][taken];
                if (share < LeastShare)
                {
                    continue;
                }

                int x = left + (taken * cell);
                int y = top + (truth * cell);
                string kind = truth == taken ? "right" : "wrong";
                html.Add($"<g class=\"{kind}\"><rect x=\"{x}\" y=\"{y}\" width=\"{cell}\" height=\"{cell}\" fill-opacity=\"{Opacity(share):0.###}\"><title>{Sentence(truth, taken)}</title></rect>");
                if (n <= NumbersUpTo)
                {
                    html.Add($"<text class=\"{(Opacity(share) > 0.68 ? "on" : "off")}\" x=\"{x + (cell / 2)}\" y=\"{y + (cell / 2) + 4}\">{100 * share:0}</text>");
                }

                html.Raw("</g>");
            }
        }

        return html.Raw("</svg>");

        string Sentence(int truth, int taken) =>
            $"{names[truth]} {(truth == taken ? "recognised" : $"taken for {names[taken]}")}: {ReportNumbers.Percent(shares[truth][taken])} %, {ReportNumbers.Count(counts[truth][taken])} pixels";
    }

    private static Html Worst(double[][] shares, string[] names)
    {
        Html html = new();
        (int Truth, int Taken, double Share)[] worst =
        [
            .. Enumerable.Range(0, names.Length)
                .SelectMany(truth => Enumerable.Range(0, names.Length).Where(taken => taken != truth).Select(taken => (truth, taken, shares[truth][taken])))
                .Where(pair => pair.Item3 >= 0.01)
                .OrderByDescending(pair => pair.Item3)
                .Take(names.Length > LabelsUpTo ? ListedOfMany : Listed),
        ];
        if (worst.Length == 0)
        {
            return html;
        }

        html.Raw("<div class=\"worst\"><h3>Most often mistaken</h3><ol>");
        foreach ((int truth, int taken, double share) in worst)
        {
            html.Add($"<li><span>{names[truth]} <em>for</em> {names[taken]}</span><b>{ReportNumbers.Percent(share)} %</b></li>");
        }

        return html.Raw("</ol></div>");
    }

    // The square root lets small shares be seen beside those near one.
    private static double Opacity(double share) => Math.Sqrt(Math.Clamp(share, 0, 1));

    private static string Short(string name) => name.Length <= LongestName ? name : string.Concat(name.AsSpan(0, LongestName - 1), "…");
}
