using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>A part of an evaluation as JSON: the figures of the share, and under <c>part</c> what a merge needs.</summary>
internal static class EvalPartJson
{
    /// <summary>Writes one object.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="part">The part.</param>
    public static void Write(Utf8JsonWriter json, EvalPart part)
    {
        json.WriteStartObject();
        if (part.IsClassifier)
        {
            ClassificationJson.WriteFields(json, part.ToClassification());
        }
        else
        {
            MetricsJson.WriteFields(json, part.ToSegmentation().Metrics, part.Names, part.Images, part.Seconds);
        }

        json.WriteStartObject("part");
        json.WriteNumber("shard", part.Shard.Index);
        json.WriteNumber("shards", part.Shard.Count);
        json.WriteNumber("pictures", part.Pictures);
        json.WriteNumber("failed", part.Failed);
        json.WriteString("weights", part.Weights);
        json.WriteString("sha256", part.Sha256);
        json.WriteString("settings", part.Settings);
        if (part.Counts is { } counts)
        {
            WriteCounts(json, counts, part.Names.Count + 1);
        }
        else
        {
            json.WriteStartArray("classes");
            foreach (string name in part.Names)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
            json.WriteNumber("top1", part.Top1);
            json.WriteNumber("top5", part.Top5);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The object as UTF-8.</summary>
    /// <param name="part">The part.</param>
    public static byte[] ToBytes(EvalPart part)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            Write(json, part);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads one object.</summary>
    /// <param name="bytes">UTF-8 JSON.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <exception cref="InputException">It is no part of an evaluation.</exception>
    public static EvalPart Read(ReadOnlyMemory<byte> bytes, string source)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException or ArgumentException)
        {
            throw new InputException($"{source}: this is no part of an evaluation, as eval --shard i/n --json FILE writes it.", error);
        }
    }

    private static EvalPart Read(JsonElement root)
    {
        JsonElement part = root.GetProperty("part");
        bool isClassifier = root.TryGetProperty("top1", out _);
        string[] names = isClassifier
            ? [.. part.GetProperty("classes").EnumerateArray().Select(name => name.GetString() ?? "")]
            : [.. root.GetProperty("classes").EnumerateArray().Select(entry => entry.GetProperty("name").GetString() ?? "")];
        EvalPart read = new(
            new Shard(part.GetProperty("shard").GetInt32(), part.GetProperty("shards").GetInt32()),
            part.GetProperty("weights").GetString() ?? "",
            part.GetProperty("sha256").GetString() ?? "",
            part.GetProperty("settings").GetString() ?? "",
            names,
            part.GetProperty("pictures").GetInt32(),
            root.GetProperty("images").GetInt32(),
            part.GetProperty("failed").GetInt32(),
            root.GetProperty("seconds").GetDouble(),
            isClassifier ? null : [.. part.GetProperty("confusion").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(count => count.GetInt64())],
            isClassifier ? part.GetProperty("top1").GetInt64() : 0,
            isClassifier ? part.GetProperty("top5").GetInt64() : 0);
        if (read.Shard.Index < 0 || read.Shard.Index >= read.Shard.Count || read.Images < 0 || read.Sha256.Length != 64
            || read.Images + read.Failed != read.Shard.LengthOf(read.Pictures))
        {
            throw new FormatException("The numbers contradict each other.");
        }

        if (!isClassifier)
        {
            // The matrix knows what counts it can have.
            _ = read.ToSegmentation();
        }

        return read;
    }

    private static void WriteCounts(Utf8JsonWriter json, long[] counts, int side)
    {
        json.WriteStartArray("confusion");
        for (int row = 0; row < side; row++)
        {
            // A row a line, however many classes.
            json.WriteRawValue($"[{string.Join(',', counts.Skip(row * side).Take(side))}]");
        }

        json.WriteEndArray();
    }
}
