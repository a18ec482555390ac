using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>Validation images beside their truth and their prediction, the pictures held in the page itself.</summary>
internal static class SampleGallery
{
    /// <summary>The section; empty where there are no samples.</summary>
    public static Html Write(ReportData data)
    {
        Html html = new();
        if (data.Samples.Count == 0)
        {
            return html;
        }

        html.Raw("<section id=\"samples\"><h2>Samples</h2>");
        if (data.Evaluation is { Classes.Count: > 0 } evaluation)
        {
            html.Raw("<ul class=\"legend\">");
            foreach (ClassFigures figures in evaluation.Classes)
            {
                html.Add($"<li><i class=\"swatch\" style=\"--c:{ReportNumbers.Color(figures.Color)}\"></i>{figures.Name}</li>");
            }

            html.Raw("</ul>");
        }

        foreach (SampleFiles sample in data.Samples)
        {
            html.Raw("<div class=\"sample\">");
            Picture(html, sample.Image, sample.Name, "Image", sample.Name);
            if (sample.Truth is not null)
            {
                Picture(html, sample.Truth, sample.Name, "Truth", "Truth");
            }

            Picture(html, sample.Prediction, sample.Name, "Prediction", "Prediction");
            html.Raw("</div>");
        }

        return html.Raw("</section>");
    }

    private static void Picture(Html html, string path, string name, string kind, string caption)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.Wrap(path, exception);
        }

        // What the file is, and not what it is called, decides.
        bool jpeg = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]);
        html.Add($"<figure><img alt=\"{kind} of {name}\" loading=\"lazy\" src=\"data:image/{(jpeg ? "jpeg" : "png")};base64,");
        html.Raw(Convert.ToBase64String(bytes)).Add($"\"><figcaption>{caption}</figcaption></figure>");
    }
}
