namespace SegNeXt.Training;

/// <summary>The report's three charts over iterations.</summary>
internal static class CurveCharts
{
    /// <summary>Loss, learning rate and mean IoU; what the log does not have is left out.</summary>
    public static Html Write(ReportData data)
    {
        Curve loss = Curve.Of(data.Iterations, "loss");
        Curve rate = Curve.Of(data.Iterations, "lr");
        Curve meanIoU = Curve.Of(data.Evaluations, "mIoU");
        double last = loss.X.Concat(rate.X).Concat(Curve.Of(data.Evaluations, "top1").X).Concat(meanIoU.X).DefaultIfEmpty(0).Max();
        Html charts = new();
        if (loss.Count > 0)
        {
            charts.Add(Loss(loss, last));
        }

        Html pair = new();
        Curve top1 = Curve.Of(data.Evaluations, "top1");
        if (top1.FiniteCount > 0)
        {
            pair.Add(Validation((top1, "top-1"), (Curve.Of(data.Evaluations, "top5"), "top-5"), last));
        }

        if (meanIoU.FiniteCount > 0)
        {
            pair.Add(Validation((meanIoU, "mean IoU"), (Curve.Of(data.Evaluations, "aAcc"), "pixel accuracy"), last));
        }

        if (rate.FiniteCount > 0)
        {
            pair.Add(new LineChart { Title = "Learning rate", LastIteration = last, Vertical = Axis.FromZero(rate.Quantile(1), 4), Format = ReportNumbers.Exponent, FormatTick = ReportNumbers.Exponent }
                .Add("learning rate", "main", rate)
                .Write());
        }

        if (!pair.IsEmpty)
        {
            charts.Raw("<div class=\"pair\">").Add(pair).Raw("</div>");
        }

        Html section = new();
        return charts.IsEmpty ? section : section.Raw("<section id=\"curves\"><h2>Training</h2>").Add(charts).Raw("</section>");
    }

    private static Html Loss(Curve loss, double last)
    {
        // One wild value must not flatten the rest: the axis follows the bulk, and the note counts what it leaves out.
        double bulk = loss.Quantile(0.98);
        double highest = loss.Quantile(1);
        double top = highest > 4 * bulk ? 1.5 * bulk : highest;
        Axis axis = Axis.FromZero(top, 4);
        int above = loss.Y.Count(y => double.IsFinite(y) && y > axis.Max);
        int broken = loss.Count - loss.FiniteCount;
        List<string> notes = [];
        if (above > 0)
        {
            notes.Add(above == 1
                ? $"One value, {ReportNumbers.Short(highest)}, lies above the plot."
                : $"{ReportNumbers.Count(above)} values, up to {ReportNumbers.Short(highest)}, lie above the plot.");
        }

        if (broken > 0)
        {
            double first = loss.X[Array.FindIndex(loss.Y, y => !double.IsFinite(y))];
            notes.Add($"{ReportNumbers.Count(broken)} of {ReportNumbers.Count(loss.Count)} values {(broken == 1 ? "is" : "are")} not a number, the first at iteration {ReportNumbers.Count(first)}.");
        }

        int radius = Math.Max(2, loss.Count / 24);
        LineChart chart = new() { Title = "Loss", LastIteration = last, Vertical = axis, Note = string.Join(' ', notes) };
        return chart
            .Add("as logged", "faint", loss)
            .Add($"mean over {(2 * radius) + 1} values", "main", loss.Smooth(radius, axis.Max))
            .Write();
    }

    private static Html Validation((Curve Curve, string Name) main, (Curve Curve, string Name) second, double last)
    {
        bool both = second.Curve.FiniteCount > 0;
        double top = Math.Min(1, Math.Max(main.Curve.Quantile(1), both ? second.Curve.Quantile(1) : 0));
        LineChart chart = new() { Title = "Validation", LastIteration = last, Vertical = Axis.FromZero(top, 4), Format = v => ReportNumbers.Percent(v) + " %", FormatTick = ReportNumbers.PercentTick };
        if (both)
        {
            chart.Add(second.Name, "second", second.Curve, dots: true);
        }

        return chart.Add(main.Name, "main", main.Curve, dots: true).Write();
    }
}
