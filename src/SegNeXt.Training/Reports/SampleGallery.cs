using System.Text;
using System.Text.Json;

namespace SegNeXt.Training;

/// <summary>
/// Validation images beside their truth, their prediction and a map of the errors: the worst, the best, and some that are
/// spread over the data set; the pictures are held in the page itself.
/// </summary>
internal static class SampleGallery
{
    /// <summary>Bytes that the pictures may take in the page; a report is a file that goes by mail.</summary>
    public const long MaxBytes = 3 << 20;

    // Of an image's classes the largest are named; a scene of ADE20K may have thirty.
    private const int ListedClasses = 10;

    /// <summary>The section; empty where there are no samples.</summary>
    public static Html Write(ReportData data)
    {
        Html groups = new();
        long room = MaxBytes;
        int left = 0;
        foreach ((SampleKind kind, string title) in new[] { (SampleKind.Worst, "Worst"), (SampleKind.Best, "Best"), (SampleKind.Spread, "Spread over the split") })
        {
            Html group = new();
            foreach (SamplePictures sample in data.Samples.Where(sample => sample.Kind == kind))
            {
                long size = Size(sample);
                if (size > room)
                {
                    left++;
                    continue;
                }

                room -= size;
                group.Add(One(sample, data.Evaluation));
            }

            if (!group.IsEmpty)
            {
                bool alone = data.Samples.All(sample => sample.Kind == kind);
                groups.Raw("<div class=\"group\">").Add(alone ? new Html() : Heading(title)).Add(group).Raw("</div>");
            }
        }

        Html html = new();
        if (groups.IsEmpty)
        {
            return html;
        }

        html.Raw("<section id=\"samples\"><h2>Validation images</h2>");
        if (data.Samples.Any(sample => double.IsFinite(sample.MeanIoU)))
        {
            html.Add($"<p class=\"lead\">Each has its own mean IoU: over the classes that fill at least {100 * ImageScore.LeastShare:0.#} % of its labelled pixels. By it the worst and the best are chosen.</p>");
        }

        if (data.Samples.Any(sample => sample.Errors is not null))
        {
            html.Raw("<ul class=\"legend\">");
            foreach ((int color, string name) in EvaluationSample.ErrorPalette.Zip(["right", "wrong", "without a label"]))
            {
                html.Add($"<li><i class=\"swatch\" style=\"--c:{ReportNumbers.Color(color)}\"></i>{name}</li>");
            }

            html.Raw("</ul>");
        }

        if (data.Evaluation is { } evaluation && data.Samples.Any(sample => sample.Classes.Count == 0))
        {
            html.Raw("<ul class=\"legend\">");
            foreach (ClassFigures figures in evaluation.Classes)
            {
                html.Add($"<li><i class=\"swatch\" style=\"--c:{ReportNumbers.Color(figures.Color)}\"></i>{figures.Name}</li>");
            }

            html.Raw("</ul>");
        }

        html.Add($"<div class=\"gallery\" data-classes=\"{Classes(data.Evaluation)}\">{groups}</div>");
        if (left > 0)
        {
            html.Add($"<p class=\"note\">{left} more would make this file too large; they are in the run’s folder, in samples/.</p>");
        }

        return html.Raw("</section>");
    }

    private static Html Heading(string title)
    {
        Html html = new();
        return html.Add($"<h3>{title}</h3>");
    }

    private static Html One(SamplePictures sample, EvaluationData? evaluation)
    {
        Html html = new();
        html.Add($"<div class=\"sample\"><p class=\"name\"><span>{sample.Name}</span>");
        if (double.IsFinite(sample.MeanIoU))
        {
            html.Add($"<span>mean IoU <b>{ReportNumbers.Percent(sample.MeanIoU)} %</b></span>");
        }

        if (double.IsFinite(sample.PixelAccuracy))
        {
            html.Add($"<span>pixels right <b>{ReportNumbers.Percent(sample.PixelAccuracy)} %</b></span>");
        }

        html.Raw("</p><div class=\"pictures\">");
        Picture(html, sample.Image, sample.Name, "Image");
        Picture(html, sample.Truth, sample.Name, "Truth");
        Picture(html, sample.Prediction, sample.Name, "Prediction");
        Picture(html, sample.Errors, sample.Name, "Errors");
        html.Raw("</div>");
        if (sample.Classes.Count > 0 && evaluation is not null)
        {
            Legend(html, sample.Classes, evaluation.Classes);
        }

        return html.Raw("</div>");
    }

    private static void Legend(Html html, IReadOnlyList<ClassInImage> classes, IReadOnlyList<ClassFigures> names)
    {
        html.Raw("<ul class=\"legend\">");
        foreach (ClassInImage c in classes.Where(c => c.Id < names.Count).Take(ListedClasses))
        {
            html.Add($"<li><i class=\"swatch\" style=\"--c:{ReportNumbers.Color(names[c.Id].Color)}\"></i>{names[c.Id].Name} ");
            html.Add($"<b>{(c.Share > 0 ? ReportNumbers.Percent(c.IoU) : "only predicted")}</b></li>");
        }

        if (classes.Count > ListedClasses)
        {
            html.Add($"<li>and {classes.Count - ListedClasses} smaller</li>");
        }

        html.Raw("</ul>");
    }

    private static void Picture(Html html, byte[]? bytes, string name, string kind)
    {
        if (bytes is null)
        {
            return;
        }

        // What the file is, and not what it is called, decides.
        bool jpeg = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]);
        html.Add($"<figure class=\"{kind.ToLowerInvariant()}\"><img alt=\"{kind} of {name}\" loading=\"lazy\" src=\"data:image/{(jpeg ? "jpeg" : "png")};base64,");
        html.Raw(Convert.ToBase64String(bytes)).Add($"\"><figcaption>{kind}</figcaption></figure>");
    }

    /// <summary>Bytes of a sample's pictures as base64.</summary>
    private static long Size(SamplePictures sample) =>
        new[] { sample.Image, sample.Truth, sample.Prediction, sample.Errors }.Sum(bytes => ((bytes?.LongLength ?? 0) + 2) / 3 * 4);

    /// <summary>Colours and names for the script: <c>{"rrggbb": name}</c>.</summary>
    private static string Classes(EvaluationData? evaluation)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            foreach (IGrouping<int, ClassFigures> same in (evaluation?.Classes ?? []).GroupBy(figures => figures.Color))
            {
                json.WriteString(ReportNumbers.Color(same.Key)[1..], string.Join(" or ", same.Select(figures => figures.Name)));
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
