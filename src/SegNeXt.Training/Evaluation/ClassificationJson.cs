using System.Text.Json;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>A classifier's evaluation as JSON: <c>{top1, top5, images, seconds}</c>, fractions.</summary>
public static class ClassificationJson
{
    /// <summary>Writes the fields into an object that is open.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="result">The evaluation.</param>
    public static void WriteFields(Utf8JsonWriter json, ClassificationResult result)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(result);
        MetricsJson.WriteFraction(json, "top1", result.Top1);
        MetricsJson.WriteFraction(json, "top5", result.Top5);
        json.WriteNumber("images", result.Images);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
    }
}
