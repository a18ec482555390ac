using System.Text;
using System.Text.Json;

namespace SegNeXt.Core;

/// <summary>The machine-readable form of an evaluation, as <c>segnext eval --json</c> and <c>segnext score --json</c> print it.</summary>
public static class MetricsJson
{
    /// <summary>
    /// Writes <c>{aAcc, mIoU, mAcc, mDice, mFscore, classes:[{name, IoU, Acc, Dice, Fscore, Precision, Recall}], images,
    /// seconds}</c>: fractions, null for NaN.
    /// </summary>
    /// <param name="writer">Takes one complete object; not flushed.</param>
    /// <param name="metrics">The figures.</param>
    /// <param name="names">The classes' names, one per class in the order of the ids.</param>
    /// <param name="images">Number of pictures.</param>
    /// <param name="seconds">Time taken.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than classes.</exception>
    public static void Write(Utf8JsonWriter writer, SegmentationMetrics metrics, IReadOnlyList<string> names, long images, double seconds)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        WriteFields(writer, metrics, names, images, seconds);
        writer.WriteEndObject();
    }

    /// <summary>Writes the fields of <see cref="Write"/> into an object that the caller opened and may add to.</summary>
    /// <param name="writer">Stands inside an object.</param>
    /// <param name="metrics">The figures.</param>
    /// <param name="names">The classes' names, one per class in the order of the ids.</param>
    /// <param name="images">Number of pictures.</param>
    /// <param name="seconds">Time taken.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than classes.</exception>
    public static void WriteFields(Utf8JsonWriter writer, SegmentationMetrics metrics, IReadOnlyList<string> names, long images, double seconds)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count != metrics.Classes.Count)
        {
            throw new ArgumentException($"There are {names.Count} names for {metrics.Classes.Count} classes.", nameof(names));
        }

        WriteFraction(writer, "aAcc", metrics.AAcc);
        WriteFraction(writer, "mIoU", metrics.MIoU);
        WriteFraction(writer, "mAcc", metrics.MAcc);
        WriteFraction(writer, "mDice", metrics.MDice);
        WriteFraction(writer, "mFscore", metrics.MFscore);
        writer.WriteStartArray("classes");
        for (int c = 0; c < names.Count; c++)
        {
            WriteClass(writer, names[c], metrics.Classes[c]);
        }

        writer.WriteEndArray();
        writer.WriteNumber("images", images);
        WriteFraction(writer, "seconds", seconds);
    }

    /// <summary>The same as indented text.</summary>
    /// <param name="metrics">The figures.</param>
    /// <param name="names">The classes' names, one per class in the order of the ids.</param>
    /// <param name="images">Number of pictures.</param>
    /// <param name="seconds">Time taken.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than classes.</exception>
    public static string ToText(SegmentationMetrics metrics, IReadOnlyList<string> names, long images, double seconds)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true }))
        {
            Write(writer, metrics, names, images, seconds);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteClass(Utf8JsonWriter writer, string name, ClassMetrics metrics)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        WriteFraction(writer, "IoU", metrics.IoU);
        WriteFraction(writer, "Acc", metrics.Acc);
        WriteFraction(writer, "Dice", metrics.Dice);
        WriteFraction(writer, "Fscore", metrics.Fscore);
        WriteFraction(writer, "Precision", metrics.Precision);
        WriteFraction(writer, "Recall", metrics.Recall);
        writer.WriteEndObject();
    }

    /// <summary>Writes a fraction, null for one that is undefined.</summary>
    /// <param name="writer">Stands inside an object.</param>
    /// <param name="name">The field.</param>
    /// <param name="value">The value.</param>
    public static void WriteFraction(Utf8JsonWriter writer, string name, double value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (double.IsFinite(value))
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
