using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Server;

/// <summary>Makes answers from class ids.</summary>
/// <param name="classes">Names and colours.</param>
internal sealed class ResultWriter(ClassSet classes)
{
    /// <summary>Encodes a result.</summary>
    /// <param name="picture">The picture and its class ids.</param>
    /// <param name="format">How.</param>
    public ReadOnlyMemory<byte> Encode(SegmentedPicture picture, ResultFormat format) => format switch
    {
        ResultFormat.Json => JsonBytes.Write(json => WriteJson(json, picture)),
        ResultFormat.Overlay => PngWriter.EncodeRgb(Overlay.WithLegend(picture.Image, picture.Ids, classes.Names, classes.Palette)),
        _ => PngWriter.EncodeLabel(picture.Ids),
    };

    /// <summary>A colour as CSS has it.</summary>
    /// <param name="colour"><c>0xRRGGBB</c>.</param>
    public static string Css(int colour) => $"#{colour:x6}";

    private void WriteJson(Utf8JsonWriter json, SegmentedPicture picture)
    {
        ColumnRuns runs = ColumnRuns.Of(picture.Ids);
        double total = (double)runs.Width * runs.Height;
        json.WriteStartObject();
        json.WriteNumber("width", runs.Width);
        json.WriteNumber("height", runs.Height);
        json.WriteStartArray("classes");
        foreach (int id in runs.Present.OrderByDescending(runs.Pixels))
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("name", classes.Names[id]);
            json.WriteString("color", Css(classes.Palette[id]));
            json.WriteNumber("pixels", runs.Pixels(id));
            json.WriteNumber("share", Math.Round(runs.Pixels(id) / total, 6));
            WriteMask(json, runs, id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteTimes(json, picture.Times);
        json.WriteEndObject();
    }

    private static void WriteMask(Utf8JsonWriter json, ColumnRuns runs, int id)
    {
        json.WriteStartObject("mask");
        json.WriteStartArray("size");
        json.WriteNumberValue(runs.Height);
        json.WriteNumberValue(runs.Width);
        json.WriteEndArray();
        json.WriteStartArray("counts");
        foreach (int count in runs.Counts(id))
        {
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTimes(Utf8JsonWriter json, StageTimes times)
    {
        json.WriteStartObject("milliseconds");
        json.WriteNumber("upload", Milliseconds(times.Upload));
        json.WriteNumber("queue", Milliseconds(times.Queue));
        json.WriteNumber("decode", Milliseconds(times.Decode));
        json.WriteNumber("network", Milliseconds(times.Network));
        json.WriteEndObject();

        static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
    }
}
