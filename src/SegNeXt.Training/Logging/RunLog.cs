using System.Buffers;
using System.Text;
using System.Text.Json;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>
/// The log of a run, <c>log.jsonl</c>: one JSON object a line, for every logged iteration
/// <c>{"iter", "loss", "lr", "images_per_second", "data_seconds", …}</c> and for every evaluation
/// <c>{"iter", "mIoU", "aAcc", "mAcc", …}</c>, of a classifier <c>{"iter", "top1", "top5", …}</c>. <c>iter</c> counts the iterations done. JSON has no NaN and no infinity;
/// both are written as null.
/// </summary>
/// <remarks>
/// Every line goes to the system in one piece, so that a killed run leaves at most a torn last line. Reading ignores
/// it, and appending removes it first.
/// </remarks>
public sealed class RunLog : IDisposable
{
    /// <summary>The log's name in a run's folder.</summary>
    public const string FileName = "log.jsonl";

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    /// <summary>Opens a log to append to it, and creates it where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be opened, or holds something other than a log.</exception>
    public RunLog(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Path = path;
        (_, long length) = File.Exists(path) ? Scan(path) : ([], 0);
        _file = Guard(() => new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));
        _file.SetLength(length);
        _file.Seek(0, SeekOrigin.End);
        _json = new Utf8JsonWriter(_line);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Logs an iteration.</summary>
    /// <param name="iteration">Iterations done.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="learningRate">The first parameter group's rate.</param>
    /// <param name="imagesPerSecond">Images trained per second since the line before.</param>
    /// <param name="dataSeconds">Seconds a step waited for its batch.</param>
    /// <param name="more">Further numbers, such as the gradient's norm.</param>
    /// <exception cref="InputException">The line cannot be written.</exception>
    public void WriteIteration(
        int iteration,
        double loss,
        double learningRate,
        double imagesPerSecond,
        double dataSeconds,
        params ReadOnlySpan<(string Name, double Value)> more) =>
        Write(iteration, [("loss", loss), ("lr", learningRate), ("images_per_second", imagesPerSecond), ("data_seconds", dataSeconds)], more);

    /// <summary>Logs an evaluation; figures are fractions.</summary>
    /// <param name="iteration">Iterations done.</param>
    /// <param name="meanIoU">Mean intersection over union.</param>
    /// <param name="pixelAccuracy">Share of the labelled pixels that are right.</param>
    /// <param name="meanAccuracy">Mean of the classes' accuracies.</param>
    /// <param name="more">Further numbers.</param>
    /// <exception cref="InputException">The line cannot be written.</exception>
    public void WriteEvaluation(
        int iteration,
        double meanIoU,
        double pixelAccuracy,
        double meanAccuracy,
        params ReadOnlySpan<(string Name, double Value)> more) =>
        Write(iteration, [("mIoU", meanIoU), ("aAcc", pixelAccuracy), ("mAcc", meanAccuracy)], more);

    /// <summary>Logs an evaluation.</summary>
    /// <param name="iteration">Iterations done.</param>
    /// <param name="figures">Its figures by name, as fractions; <c>mIoU</c> or <c>top1</c> is among them.</param>
    /// <exception cref="InputException">The line cannot be written.</exception>
    public void WriteEvaluation(int iteration, ReadOnlySpan<(string Name, double Value)> figures) => Write(iteration, figures, []);

    /// <summary>Reads a log; a torn last line is left out.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be read, or a line before the last is no object with <c>iter</c>.</exception>
    public static IReadOnlyList<LogEntry> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return [.. Scan(path).Entries.Select(line => line.Entry)];
    }

    /// <summary>
    /// Takes away what was logged after an iteration, for a run that goes on from a checkpoint of that iteration. The
    /// file is replaced in one step; a file that is not there is left so.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="iteration">The last iteration to keep.</param>
    /// <param name="evaluation">The last iteration whose evaluation is kept; the same, unless said otherwise.</param>
    /// <exception cref="InputException">The file cannot be read or written, or is no log.</exception>
    public static void TruncateAfter(string path, int iteration, int evaluation = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
        {
            return;
        }

        (List<(LogEntry Entry, string Text)> lines, _) = Scan(path);
        byte[] kept = Encoding.UTF8.GetBytes(string.Concat(lines.Where(line => line.Entry.Iteration <= (line.Entry.IsEvaluation ? Math.Min(iteration, evaluation) : iteration)).Select(line => line.Text + "\n")));
        AtomicFile.Write(path, stream => stream.Write(kept));
    }

    /// <summary>Brings what is written onto the disk, so that it survives a power failure.</summary>
    /// <exception cref="InputException">The disk refuses it.</exception>
    public void Flush() => Guard(() =>
    {
        _file.Flush(flushToDisk: true);
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    private void Write(int iteration, ReadOnlySpan<(string Name, double Value)> values, ReadOnlySpan<(string Name, double Value)> more)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("iter", iteration);
        WriteNumbers(values);
        WriteNumbers(more);
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
        Guard(() =>
        {
            _file.Write(_line.WrittenSpan);
            return true;
        });
    }

    private void WriteNumbers(ReadOnlySpan<(string Name, double Value)> values)
    {
        foreach ((string name, double value) in values)
        {
            if (double.IsFinite(value))
            {
                _json.WriteNumber(name, value);
            }
            else
            {
                _json.WriteNull(name);
            }
        }
    }

    /// <summary>The whole lines of a log, and the bytes that they fill.</summary>
    private static (List<(LogEntry Entry, string Text)> Entries, long Length) Scan(string path)
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

        List<(LogEntry, string)> entries = [];
        int start = 0;
        for (int number = 1; start < bytes.Length; number++)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            bool last = length < 0 || start + length + 1 == bytes.Length;
            ReadOnlyMemory<byte> line = bytes.AsMemory(start, length < 0 ? bytes.Length - start : length);
            if (length < 0 || Parse(line) is not LogEntry entry)
            {
                return last ? (entries, start) : throw new InputException($"{path}:{number}: is no line of a log.");
            }

            entries.Add((entry, Encoding.UTF8.GetString(line.Span)));
            start += length + 1;
        }

        return (entries, start);
    }

    private static LogEntry? Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("iter", out JsonElement iter)
                || iter.ValueKind != JsonValueKind.Number
                || !iter.TryGetInt32(out int iteration))
            {
                return null;
            }

            Dictionary<string, double> values = new(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name != "iter" && property.Value.ValueKind is JsonValueKind.Number or JsonValueKind.Null)
                {
                    values[property.Name] = property.Value.ValueKind == JsonValueKind.Null ? double.NaN : property.Value.GetDouble();
                }
            }

            return new LogEntry(iteration, values);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.Wrap(Path, exception);
        }
    }
}
