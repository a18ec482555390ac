namespace SegNeXt.Training;

/// <summary>The figures of each class, with a bar in its colour, best first.</summary>
internal static class ClassTable
{
    private const int ManyClasses = 40;

    /// <summary>The section; empty where the evaluation names no classes.</summary>
    public static Html Write(EvaluationData? evaluation)
    {
        Html html = new();
        if (evaluation is null || evaluation.Classes.Count == 0)
        {
            return html;
        }

        // A classifier's classes have an accuracy alone.
        bool segmented = !double.IsFinite(evaluation.Top.Top1);
        double Main(ClassFigures figures) => segmented ? figures.IoU : figures.Acc;
        double[]? shares = evaluation.Confusion is { } confusion ? Shares(confusion) : null;
        html.Raw($"<section id=\"classes\"><h2>Classes</h2><table class=\"classes{(evaluation.Classes.Count > ManyClasses ? " many" : "")}\"><thead><tr><th>Class</th>{(segmented ? "<th colspan=\"2\">IoU, %</th><th class=\"num\">Accuracy, %</th>" : "<th colspan=\"2\">Accuracy, %</th>")}");
        html.Raw(shares is null ? "</tr></thead><tbody>" : $"<th class=\"num wide\">Share of {(segmented ? "pixels" : "images")}, %</th></tr></thead><tbody>");
        int[] order = [.. Enumerable.Range(0, evaluation.Classes.Count).OrderByDescending(i => double.IsFinite(Main(evaluation.Classes[i])) ? Main(evaluation.Classes[i]) : -1)];
        foreach (int i in order)
        {
            ClassFigures figures = evaluation.Classes[i];
            string color = ReportNumbers.Color(figures.Color);
            double width = double.IsFinite(Main(figures)) ? 100 * Math.Clamp(Main(figures), 0, 1) : 0;
            html.Add($"<tr><th scope=\"row\"><i class=\"swatch\" style=\"--c:{color}\"></i>{figures.Name}</th>");
            html.Add($"<td class=\"bar\"><div><span style=\"--c:{color};width:{width:0.##}%\"></span></div></td>");
            html.Add($"<td class=\"num strong\">{ReportNumbers.Percent(Main(figures))}</td>");
            if (segmented)
            {
                html.Add($"<td class=\"num\">{ReportNumbers.Percent(figures.Acc)}</td>");
            }

            if (shares is not null)
            {
                html.Add($"<td class=\"num wide\">{ReportNumbers.Percent(shares[i])}</td>");
            }

            html.Raw("</tr>");
        }

        html.Raw("</tbody></table>");
        if (segmented && evaluation.Classes.Any(figures => !double.IsFinite(figures.IoU)))
        {
            html.Add($"<p class=\"note\">{ReportNumbers.None} the class occurs neither in the labels nor in the predictions.</p>");
        }

        return html.Raw("</section>");
    }

    private static double[] Shares(double[][] confusion)
    {
        double total = confusion.Sum(row => row.Sum());
        return [.. confusion.Select(row => total > 0 ? row.Sum() / total : double.NaN)];
    }
}
