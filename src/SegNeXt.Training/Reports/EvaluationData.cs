using System.Globalization;
using System.Text.Json;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>A class's figures in <c>evaluation.json</c>, as fractions; NaN where undefined.</summary>
internal sealed record ClassFigures(string Name, int Color, double IoU, double Acc);

/// <summary>What <c>evaluation.json</c> says.</summary>
internal sealed record EvaluationData
{
    // Colours for class lists that bring none: hues a golden angle apart stay distinct for any count.
    private const double GoldenAngle = 137.50776405;

    public required double MeanIoU { get; init; }

    /// <summary>Top-1 and top-5 of a classifier; NaN in a segmentation's.</summary>
    public (double Top1, double Top5) Top { get; init; } = (double.NaN, double.NaN);

    public required double PixelAccuracy { get; init; }

    public required double MeanAccuracy { get; init; }

    public required double Images { get; init; }

    public required IReadOnlyList<ClassFigures> Classes { get; init; }

    /// <summary>Pixels <c>[truth][prediction]</c>, K×K; null where the file has none that fits the classes.</summary>
    public required double[][]? Confusion { get; init; }

    /// <summary>What the file would say of an evaluation.</summary>
    public static EvaluationData Of(EvaluationResult result, ClassSet classes) => new()
    {
        MeanIoU = result.Metrics.MIoU,
        PixelAccuracy = result.Metrics.AAcc,
        MeanAccuracy = result.Metrics.MAcc,
        Images = result.Images,
        Classes =
        [
            .. result.Metrics.Classes.Select((metrics, i) => new ClassFigures(classes.Names[i], classes.Palette[i], metrics.IoU, metrics.Acc)),
        ],
        Confusion =
        [
            .. Enumerable.Range(0, classes.Count).Select(label => Enumerable.Range(0, classes.Count).Select(taken => (double)result.Confusion[label, taken]).ToArray()),
        ],
    };

    /// <summary>Reads the file; null where there is none.</summary>
    /// <exception cref="InputException">The file is no JSON object.</exception>
    public static EvaluationData? Read(string path)
    {
        if (JsonFile.Read(path) is not JsonElement root)
        {
            return null;
        }

        int[] palette = [.. root.Items("palette").Select(ReadColor)];
        ClassFigures[] classes =
        [
            .. root.Items("classes").Where(c => c.ValueKind == JsonValueKind.Object).Select((c, i) => new ClassFigures(
                c.Text("name") ?? string.Create(CultureInfo.InvariantCulture, $"class {i}"),
                i < palette.Length && palette[i] >= 0 ? palette[i] : Hue(i),
                c.Number("IoU"),
                c.Number("Acc"))),
        ];

        double[][] confusion = [.. root.Items("confusion").Select(row => row.Items().Select(JsonFile.Number).ToArray())];
        bool fits = classes.Length > 0 && confusion.Length == classes.Length
            && confusion.All(row => row.Length == classes.Length && row.All(v => double.IsFinite(v) && v >= 0));
        return new EvaluationData
        {
            MeanIoU = root.Number("mIoU"),
            Top = (root.Number("top1"), root.Number("top5")),
            PixelAccuracy = root.Number("aAcc"),
            MeanAccuracy = root.Number("mAcc"),
            Images = root.Number("images"),
            Classes = classes,
            Confusion = fits ? confusion : null,
        };
    }

    /// <summary>A colour written as a number <c>0xRRGGBB</c>, a text <c>#rrggbb</c> or a list of three; else -1.</summary>
    private static int ReadColor(JsonElement color)
    {
        if (color.ValueKind == JsonValueKind.Number)
        {
            return color.TryGetInt32(out int value) && value is >= 0 and <= 0xffffff ? value : -1;
        }

        if (color.ValueKind == JsonValueKind.String)
        {
            string text = color.GetString()!.TrimStart('#');
            return text.Length == 6 && int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) ? value : -1;
        }

        int[] parts = [.. color.Items().Select(part => part.ValueKind == JsonValueKind.Number && part.TryGetInt32(out int v) && v is >= 0 and <= 255 ? v : -1)];
        return parts.Length == 3 && !parts.Contains(-1) ? (parts[0] << 16) | (parts[1] << 8) | parts[2] : -1;
    }

    private static int Hue(int index)
    {
        double hue = index * GoldenAngle % 360 / 60;
        int Channel(double offset) => (int)Math.Round(255 * (0.35 + (0.5 * Math.Clamp(Math.Abs(((hue + offset) % 6) - 3) - 1, 0, 1))));
        return (Channel(0) << 16) | (Channel(4) << 8) | Channel(2);
    }
}
