namespace SegNeXt.Training;

/// <summary>The few numbers that one looks for first.</summary>
internal static class HeadlineFigures
{
    /// <summary>A list of figures, each with a line of context where there is one.</summary>
    public static Html Write(ReportData data)
    {
        Html tiles = new();
        LogEntry? latest = data.Evaluations.Count > 0 ? data.Evaluations[^1] : null;
        double meanIoU = data.Evaluation?.MeanIoU ?? latest?["mIoU"] ?? double.NaN;
        double pixels = data.Evaluation?.PixelAccuracy ?? latest?["aAcc"] ?? double.NaN;
        double classes = data.Evaluation?.MeanAccuracy ?? latest?["mAcc"] ?? double.NaN;
        if (double.IsFinite(meanIoU))
        {
            Tile(tiles, "Mean IoU", [(ReportNumbers.Percent(meanIoU), "%")], BestOf(data, meanIoU));
        }

        double top1 = data.Evaluation?.Top.Top1 ?? latest?["top1"] ?? double.NaN;
        if (double.IsFinite(top1))
        {
            double top5 = data.Evaluation?.Top.Top5 ?? latest?["top5"] ?? double.NaN;
            Tile(tiles, "Top-1 accuracy", [(ReportNumbers.Percent(top1), "%")], BestOf(data, top1, "top1"));
            Tile(tiles, "Top-5 accuracy", [(ReportNumbers.Percent(top5), "%")], "");
        }

        if (double.IsFinite(pixels))
        {
            Tile(tiles, "Pixel accuracy", [(ReportNumbers.Percent(pixels), "%")], double.IsFinite(classes) ? $"class mean {ReportNumbers.Percent(classes)} %" : "");
        }

        if (data.Info is { } info && double.IsFinite(info.Parameters))
        {
            Tile(tiles, "Parameters", [(ReportNumbers.Millions(info.Parameters), "M")], ReportNumbers.Count(info.Parameters));
        }

        if (data.Iterations.Count > 0)
        {
            int done = data.Iterations.Max(entry => entry.Iteration);
            Tile(tiles, "Iterations", [(ReportNumbers.Count(done), "")], Batches(data.Config, done));
        }

        if (data.Info is { } timed && double.IsFinite(timed.Seconds))
        {
            double speed = Curve.Of(data.Iterations, "images_per_second").Quantile(0.5);
            Tile(tiles, "Time", ReportNumbers.Duration(timed.Seconds), double.IsFinite(speed) ? $"{ReportNumbers.Short(Math.Round(speed, 1))} images a second" : "");
        }

        Html list = new();
        return tiles.IsEmpty ? list : list.Raw("<dl class=\"figures\">").Add(tiles).Raw("</dl>");
    }

    private static void Tile(Html html, string name, IReadOnlyList<(string Number, string Unit)> value, string context)
    {
        html.Add($"<div><dt>{name}</dt><dd>");
        foreach ((string number, string unit) in value)
        {
            html.Add($"{number}");
            if (unit.Length > 0)
            {
                html.Add($"<small>{unit}</small> ");
            }
        }

        html.Raw("</dd>");
        if (context.Length > 0)
        {
            html.Add($"<dd class=\"context\">{context}</dd>");
        }

        html.Raw("</div>");
    }

    private static string BestOf(ReportData data, double shown, string figure = "mIoU")
    {
        LogEntry? best = data.Evaluations.Where(entry => double.IsFinite(entry[figure])).MaxBy(entry => entry[figure]);
        if (best is null)
        {
            return data.Evaluation is { } evaluation && double.IsFinite(evaluation.Images) ? $"{ReportNumbers.Count(evaluation.Images)} images" : "";
        }

        return best[figure] > shown + 5e-4
            ? $"best {ReportNumbers.Percent(best[figure])} % at iteration {ReportNumbers.Count(best.Iteration)}"
            : data.Evaluations.Count > 1 ? "the run’s best" : "";
    }

    private static string Batches(RunConfig? config, int done)
    {
        if (config is null)
        {
            return "";
        }

        string planned = done < config.Train.Iterations ? $"of {ReportNumbers.Count(config.Train.Iterations)}; " : "";
        int batch = config.Train.Batch * config.Train.Accumulate;
        return $"{planned}batch {batch}, crop {config.Train.Crop.Height}×{config.Train.Crop.Width}";
    }
}
