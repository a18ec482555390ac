using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>
/// A comparison as files: the chart of the paper's Figure 1 (<c>miou-gmacs.svg</c>, <c>.png</c>), the pictures of its Figure 4
/// (<c>pictures.png</c>), and <c>index.html</c>, one file that holds both with the figures and asks the network for nothing.
/// </summary>
public static class ComparisonPage
{
    /// <summary>The page's name in its folder.</summary>
    public const string FileName = "index.html";

    /// <summary>The chart's name, without its ending.</summary>
    public const string ChartName = "miou-gmacs";

    /// <summary>The grid of pictures.</summary>
    public const string PicturesName = "pictures.png";

    private const int JpegQuality = 88;
    private const double Opacity = 0.62;
    private const int ClassesShown = 200;

    /// <summary>Writes the files; the same comparison gives the same bytes.</summary>
    /// <param name="folder">Where they go; made if need be.</param>
    /// <param name="comparison">What was found.</param>
    /// <returns>The page's path.</returns>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public static string Write(string folder, Comparison comparison)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(comparison);
        OutputFolder.Create(folder);
        TradeOffChart chart = new(comparison);
        Html svg = TradeOffSvg.Write(chart);
        AtomicFile.WriteText(Path.Combine(folder, ChartName + ".svg"), $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{svg}\n");
        PngWriter.WriteRgb(Path.Combine(folder, ChartName + ".png"), TradeOffPicture.Draw(chart));
        if (comparison.Pictures.Count > 0)
        {
            PngWriter.WriteRgb(Path.Combine(folder, PicturesName), Grid(comparison));
        }

        string page = Path.Combine(folder, FileName);
        AtomicFile.WriteText(page, Compose(comparison, svg));
        return page;
    }

    /// <summary>Picture, truth and each model side by side, a row for each picture.</summary>
    internal static RgbImage Grid(Comparison comparison)
    {
        string[] titles = ["image", "truth", .. comparison.Models.Select(model => model.Name)];
        return PictureGrid.Draw(
            [.. comparison.Pictures.Select(picture => (IReadOnlyList<RgbImage?>)[.. Shown(comparison, picture)])],
            titles,
            [.. comparison.Pictures.Select(picture => Caption(comparison, picture))],
            titles.Length <= 4 ? 0 : Math.Max(160, 1600 / titles.Length));
    }

    private static IEnumerable<RgbImage> Shown(Comparison comparison, ComparedPicture picture) =>
        [picture.Image, .. new[] { picture.Truth }.Concat(picture.Predictions).Select(ids => Overlay.Blend(picture.Image, ids, comparison.Classes.Palette, Opacity, contours: false))];

    private static string Caption(Comparison comparison, ComparedPicture picture) =>
        $"{picture.Name}   mean IoU: {string.Join(", ", comparison.Models.Zip(picture.MeanIoUs, (model, value) => $"{model.Name} {ReportNumbers.Percent(value)} %"))}";

    private static string Compose(Comparison comparison, Html chart)
    {
        Html html = new();
        html.Raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">");
        html.Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">");
        html.Add($"<title>{comparison.Title} – SegNeXt.NET</title><style>").Raw(Report.Resource("report.css"));
        html.Raw("main{max-width:80rem}.trade{display:block;width:100%;height:auto;margin-top:2.6rem}.models td,.models th{padding:.32rem 0 .32rem 1.4rem}.models th:first-child{padding-left:0}.pictures{margin-bottom:2rem}.wide-table{overflow-x:auto}</style></head>\n<body><main>");
        html.Add($"<header><p class=\"kind\">Comparison of {comparison.Models.Count} models</p><h1>{comparison.Title}</h1></header>");
        html.Add($"{chart}<p class=\"note\">A circle’s area is the model’s number of parameters; a line joins the sizes of one kind of model. Multiply-adds are those of one {comparison.Height}×{comparison.Width} picture (rows × columns) on its way to logits at its own size.</p>");
        html.Add(Figures(comparison)).Add(Classes(comparison)).Add(Pictures(comparison));
        return html.Raw("\n<footer>Written by SegNeXt.NET</footer></main></body></html>\n").ToString();
    }

    private static Html Figures(Comparison comparison)
    {
        Html html = new();
        html.Raw("\n<section id=\"models\"><h2>Models</h2><div class=\"wide-table\"><table class=\"classes models\"><thead><tr><th>Model</th><th class=\"num\">Parameters, M</th><th class=\"num\">Multiply-adds, G</th><th class=\"num\">mIoU, %</th><th class=\"num\">Pixel accuracy, %</th><th class=\"num\">Class accuracy, %</th><th class=\"num\">Images a second</th><th class=\"num\">Engine</th></tr></thead><tbody>");
        double best = comparison.Models.Max(model => double.IsFinite(model.Result.Metrics.MIoU) ? model.Result.Metrics.MIoU : -1);
        foreach (ComparedModel model in comparison.Models)
        {
            SegmentationMetrics metrics = model.Result.Metrics;
            html.Add($"<tr><th scope=\"row\">{model.Name}</th><td class=\"num\">{model.Complexity.Parameters / 1e6:0.0}</td><td class=\"num\">{model.Complexity.Gmacs:0.0}</td>");
            html.Add($"<td class=\"num{(metrics.MIoU == best ? " strong" : "")}\">{ReportNumbers.Percent(metrics.MIoU)}</td><td class=\"num\">{ReportNumbers.Percent(metrics.AAcc)}</td><td class=\"num\">{ReportNumbers.Percent(metrics.MAcc)}</td>");
            html.Add($"<td class=\"num\">{Speed(model.ImagesPerSecond)}</td><td class=\"num\">{model.Engine}</td></tr>");
        }

        int[] images = [.. comparison.Models.Select(model => model.Result.Images).Distinct()];
        html.Raw("</tbody></table></div>");
        return html.Add($"<p class=\"note\">{(images.Length == 1 ? ReportNumbers.Count(images[0]) : $"{images.Min()} to {images.Max()}")} pictures; their reading is in the time.</p></section>");
    }

    private static Html Classes(Comparison comparison)
    {
        Html html = new();
        html.Raw("\n<section id=\"classes\"><h2>IoU of the classes, %</h2><div class=\"wide-table\"><table class=\"classes models\"><thead><tr><th>Class</th>");
        foreach (ComparedModel model in comparison.Models)
        {
            html.Add($"<th class=\"num\">{model.Name}</th>");
        }

        html.Raw("</tr></thead><tbody>");
        for (int id = 0; id < Math.Min(comparison.Classes.Count, ClassesShown); id++)
        {
            html.Add($"<tr><th scope=\"row\"><i class=\"swatch\" style=\"--c:{ReportNumbers.Color(comparison.Classes.Palette[id])}\"></i>{comparison.Classes.Names[id]}</th>");
            double best = comparison.Models.Max(model => double.IsFinite(Of(model, id)) ? Of(model, id) : -1);
            foreach (ComparedModel model in comparison.Models)
            {
                html.Add($"<td class=\"num{(Of(model, id) == best ? " strong" : "")}\">{ReportNumbers.Percent(Of(model, id))}</td>");
            }

            html.Raw("</tr>");
        }

        return html.Raw("</tbody></table></div></section>");

        static double Of(ComparedModel model, int id) => model.Result.Metrics.Classes[id].IoU;
    }

    private static Html Pictures(Comparison comparison)
    {
        Html html = new();
        if (comparison.Pictures.Count == 0)
        {
            return html;
        }

        html.Raw("\n<section id=\"pictures\"><h2>Side by side</h2><p class=\"lead\">Pictures spread evenly over the split, with their own mean IoU.</p>");
        string[] titles = ["Image", "Truth", .. comparison.Models.Select(model => model.Name)];
        foreach (ComparedPicture picture in comparison.Pictures)
        {
            html.Add($"<div class=\"sample\"><p class=\"name\"><span>{picture.Name}</span></p><div class=\"pictures\">");
            int column = 0;
            foreach (RgbImage image in Shown(comparison, picture))
            {
                string value = column >= 2 ? $" {ReportNumbers.Percent(picture.MeanIoUs[column - 2])} %" : "";
                (string type, byte[] bytes) = ImageLibrary.TurboJpeg.IsAvailable ? ("jpeg", JpegWriter.Encode(image, JpegQuality)) : ("png", PngWriter.EncodeRgb(image));
                html.Add($"<figure><img alt=\"{titles[column]} of {picture.Name}\" loading=\"lazy\" src=\"data:image/{type};base64,").Raw(Convert.ToBase64String(bytes));
                html.Add($"\"><figcaption>{titles[column]}{value}</figcaption></figure>");
                column++;
            }

            html.Raw("</div></div>");
        }

        return html.Raw("</section>");
    }

    private static string Speed(double images) => images.ToString(images < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
