using System.Globalization;
using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SegNeXt.Cli;

/// <summary>A comparison's figures as a table for people and as JSON.</summary>
internal static class ComparisonOutput
{
    /// <summary>One row a model, in the order in which they were named.</summary>
    /// <param name="comparison">What was found.</param>
    public static IRenderable Table(Comparison comparison)
    {
        Table table = new Table().Title(Markup.Escape($"{comparison.Title}, multiply-adds at {comparison.Height}x{comparison.Width}")).Border(TableBorder.Simple).AddColumn("model");
        foreach (string column in new[] { "parameters, M", "G multiply-adds", "mIoU", "aAcc", "mAcc", "images/s", "engine" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (ComparedModel model in comparison.Models)
        {
            SegmentationMetrics metrics = model.Result.Metrics;
            string[] cells =
            [
                model.Name, Number(model.Complexity.Parameters / 1e6, "0.0"), Number(model.Complexity.Gmacs, "0.0"),
                Number(100 * metrics.MIoU, "0.00"), Number(100 * metrics.AAcc, "0.00"), Number(100 * metrics.MAcc, "0.00"), Number(model.ImagesPerSecond, "0.0"), model.Engine,
            ];
            table.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        return table;
    }

    /// <summary>The figures as fractions, null for NaN.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="comparison">What was found.</param>
    public static void Write(Utf8JsonWriter json, Comparison comparison)
    {
        json.WriteStartObject();
        json.WriteString("title", comparison.Title);
        json.WriteStartArray("size");
        json.WriteNumberValue(comparison.Height);
        json.WriteNumberValue(comparison.Width);
        json.WriteEndArray();
        json.WriteStartArray("models");
        foreach (ComparedModel model in comparison.Models)
        {
            SegmentationMetrics metrics = model.Result.Metrics;
            json.WriteStartObject();
            json.WriteString("name", model.Name);
            json.WriteString("weights", model.Path);
            json.WriteString("model", ModelTitle.Of(model.Config));
            json.WriteString("engine", model.Engine);
            json.WriteNumber("parameters", model.Complexity.Parameters);
            json.WriteNumber("gmacs", model.Complexity.Gmacs);
            foreach ((string name, double value) in new[] { ("aAcc", metrics.AAcc), ("mIoU", metrics.MIoU), ("mAcc", metrics.MAcc), ("mDice", metrics.MDice), ("mFscore", metrics.MFscore) })
            {
                JsonOutput.WriteNumber(json, name, value);
            }

            json.WriteStartArray("classes");
            for (int id = 0; id < comparison.Classes.Count; id++)
            {
                json.WriteStartObject();
                json.WriteString("name", comparison.Classes.Names[id]);
                JsonOutput.WriteNumber(json, "IoU", metrics.Classes[id].IoU);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("images", model.Result.Images);
            json.WriteNumber("seconds", model.Result.Seconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Number(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "-";
}
