using System.Globalization;
using System.Text;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>
/// The report of a run: <c>report.html</c>, one file that holds everything it shows (pictures, curves, styles), asks the
/// network for nothing, follows the reader's light or dark scheme and fits a telephone. The curves are SVG; the only
/// script shows values at the pointer.
/// </summary>
/// <remarks>
/// Read from the run's folder: <c>config.yaml</c>, <c>log.jsonl</c>, <c>evaluation.json</c> (what <c>eval --json</c>
/// prints, with <c>confusion: number[truth][prediction]</c> and <c>palette</c>), <c>run.json</c> (<c>command</c>,
/// <c>started</c>, <c>device</c>, <c>versions</c>, <c>parameters</c>, <c>seconds</c>) and
/// <c>samples/</c>: <c>NAME_image.jpg</c> or <c>.png</c>, <c>NAME_truth.png</c>, <c>NAME_prediction.png</c>,
/// <c>NAME_errors.jpg</c>, and <c>samples.json</c>, which says which are the worst and the best. What is not there is left out.
/// </remarks>
public static class Report
{
    /// <summary>The report's name in a run's folder.</summary>
    public const string FileName = "report.html";

    /// <summary>Writes the report; the same folder gives the same bytes.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <returns>The path of the report.</returns>
    /// <exception cref="InputException">The folder is no run's, a file in it is damaged, or the report cannot be written.</exception>
    public static string Write(string runFolder)
    {
        ArgumentNullException.ThrowIfNull(runFolder);
        string path = Path.Combine(runFolder, FileName);
        byte[] html = Encoding.UTF8.GetBytes(Compose(ReportData.Read(runFolder)));
        AtomicFile.Write(path, stream => stream.Write(html));
        return path;
    }

    /// <summary>Writes the report of an evaluation that belongs to no run: figures, classes, confusion, worst and best images.</summary>
    /// <param name="path">The HTML file; it is there wholly or not at all.</param>
    /// <param name="title">The heading, such as the weights' and the data set's names.</param>
    /// <param name="result">The evaluation.</param>
    /// <param name="classes">Names and colours.</param>
    /// <param name="samples">What <see cref="EvaluationSamples.Take"/> has seen of it.</param>
    /// <param name="about">The command, device and versions.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WriteEvaluation(
        string path, string title, EvaluationResult result, ClassSet classes, EvaluationSamples samples, RunDescription about)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(about);
        byte[] html = Encoding.UTF8.GetBytes(Compose(ReportData.Of(title, result, classes, samples, about)));
        AtomicFile.Write(path, stream => stream.Write(html));
    }

    private static string Compose(ReportData data)
    {
        string title = Title(data);
        Html html = new();
        html.Raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Raw("<meta name=\"color-scheme\" content=\"light dark\">");

        // Even markup that slipped through could load nothing and send nothing.
        html.Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">");
        html.Add($"<title>{title} – SegNeXt.NET</title><style>").Raw(Resource("report.css")).Raw("</style></head>\n<body><main>");
        html.Add($"<header><p class=\"kind\">{data.Kind}</p><h1>{title}</h1><p class=\"lead\">{Subtitle(data)}</p></header>");
        Html[] parts =
        [
            HeadlineFigures.Write(data),
            CurveCharts.Write(data),
            ClassTable.Write(data.Evaluation),
            ConfusionChart.Write(data.Evaluation),
            SampleGallery.Write(data),
            RunDetails.Write(data),
        ];
        foreach (Html part in parts.Where(part => !part.IsEmpty))
        {
            html.Raw("\n").Add(part);
        }

        html.Raw("\n<footer>Written by SegNeXt.NET</footer></main>\n<script>").Raw(Resource("report.js")).Raw("</script></body></html>\n");
        return html.ToString();
    }

    private static string Title(ReportData data)
    {
        if (data.Config is not { } config)
        {
            return data.Name;
        }

        string folder = Path.GetFileName(config.Data.Root.TrimEnd('/', '\\'));
        string set = config.Data.Type == DataSetType.CamVid ? "CamVid" : folder;
        string size = (config.Pretrain is null ? ModelConfig.Preset(config.Model.Size, 1) : ModelConfig.Classifier(config.Model.Size, 1)).Title;
        return set.Length > 0 ? $"{size} on {set}" : size;
    }

    private static string Subtitle(ReportData data)
    {
        List<string> parts = [];
        if (data.Config is not null)
        {
            parts.Add(data.Name);
        }

        if (data.Info?.Started is { } started)
        {
            parts.Add(started.ToUniversalTime().ToString("d MMMM yyyy", CultureInfo.InvariantCulture));
        }

        if (data.Info?.Device is { Length: > 0 } device)
        {
            parts.Add(device);
        }

        return string.Join(" · ", parts);
    }

    internal static string Resource(string name)
    {
        using Stream stream = typeof(Report).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in the assembly.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
