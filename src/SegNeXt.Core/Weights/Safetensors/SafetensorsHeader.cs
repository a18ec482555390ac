using System.Text.Json;

namespace SegNeXt.Core;

/// <summary>A tensor's line in the header; the range counts bytes from the end of the header.</summary>
internal sealed record SafetensorsEntry(TensorInfo Info, long Begin, long End);

/// <summary>The JSON header of a safetensors file, checked in full.</summary>
/// <remarks>
/// Ranges must cover the data exactly. They need not be aligned to their elements: the format does not ask for it,
/// and values are copied out, never used in place.
/// </remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>The header's entry that is no tensor.</summary>
    public const string MetadataKey = "__metadata__";

    // A list, the frequent types first: a dictionary of them would be more code to compile than it saves.
    private static readonly TensorDType[] s_types = Enum.GetValues<TensorDType>();

    private readonly string _path;
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly List<SafetensorsEntry> _entries = [];

    private SafetensorsHeader(string path) => _path = path;

    /// <summary>The texts beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>The tensors, in the header's order.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _entries;

    /// <summary>Parses and checks a header.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataLength">Bytes in the file after the header.</param>
    /// <exception cref="InputException">Anything is wrong; the message names the tensor and the field.</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json, long dataLength)
    {
        SafetensorsHeader header = new(path);
        try
        {
            header.ReadObject(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with broken UTF-8 or half a surrogate pair.
            string where = error is JsonException { BytePositionInLine: { } position } ? $" near byte {8 + position}" : "";
            throw new InputException($"{path}: the header is not valid JSON{where}.", error);
        }

        header.CheckRanges(dataLength);
        return header;
    }

    private void ReadObject(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw new InputException($"{_path}: the header does not begin with '{{', so this is not a safetensors file.");
        }

        Utf8JsonReader reader = new(json);
        HashSet<string> names = new(StringComparer.Ordinal);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name))
            {
                throw new InputException($"{_path}: the header names {MessageText.Quote(name)} twice.");
            }

            reader.Read();
            if (name == MetadataKey)
            {
                ReadMetadata(ref reader);
            }
            else
            {
                _entries.Add(ReadEntry(ref reader, name));
            }
        }

        // Anything but white space after the object makes this call throw.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InputException($"{_path}: {MetadataKey} is not an object of texts.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new InputException($"{_path}: {MetadataKey}: {MessageText.Quote(key)} is not a text.");
            }

            if (!_metadata.TryAdd(key, reader.GetString()!))
            {
                throw new InputException($"{_path}: {MetadataKey} names {MessageText.Quote(key)} twice.");
            }
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Fault(name, "the entry is not an object");
        }

        TensorDType? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            reader.Read();
            bool twice = field switch
            {
                "dtype" => dtype is not null,
                "shape" => shape is not null,
                "data_offsets" => offsets is not null,
                _ => throw Fault(name, $"unknown field {MessageText.Quote(field)}"),
            };
            if (twice)
            {
                throw Fault(name, $"{field} is given twice");
            }

            switch (field)
            {
                case "dtype":
                    dtype = ReadType(ref reader, name);
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, name, field);
                    break;
                default:
                    offsets = ReadNumbers(ref reader, name, field);
                    break;
            }
        }

        return Check(name, dtype ?? throw Fault(name, "dtype is missing"), shape ?? throw Fault(name, "shape is missing"), offsets ?? throw Fault(name, "data_offsets is missing"));
    }

    private TensorDType ReadType(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw Fault(name, "dtype is not a text");
        }

        string text = reader.GetString()!;
        foreach (TensorDType dtype in s_types)
        {
            if (text == SafetensorsWriter.TypeName(dtype))
            {
                return dtype;
            }
        }

        throw Fault(name, $"dtype {MessageText.Quote(text)} is not supported");
    }

    private long[] ReadNumbers(ref Utf8JsonReader reader, string name, string field)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Fault(name, $"{field} is not a list of numbers");
        }

        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
            {
                throw Fault(name, $"{field}[{numbers.Count}] is not a whole number from 0 to 2^63 - 1");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private SafetensorsEntry Check(string name, TensorDType dtype, long[] shape, long[] offsets)
    {
        if (offsets.Length != 2 || offsets[0] > offsets[1])
        {
            throw Fault(name, $"data_offsets {MessageText.Shape(offsets)} is not a begin and an end");
        }

        TensorInfo info;
        long needed;
        try
        {
            info = new TensorInfo(name, dtype, shape);
            needed = info.ByteLength;
        }
        catch (OverflowException)
        {
            throw Fault(name, $"shape {MessageText.Shape(shape)} is larger than any file");
        }

        long held = offsets[1] - offsets[0];
        return held == needed
            ? new SafetensorsEntry(info, offsets[0], offsets[1])
            : throw Fault(name, $"data_offsets {MessageText.Shape(offsets)} hold {held} bytes, but shape {MessageText.Shape(shape)} of {SafetensorsWriter.TypeName(dtype)} needs {needed}");
    }

    private void CheckRanges(long dataLength)
    {
        long end = 0;
        Comparer<SafetensorsEntry> byPlace = Comparer<SafetensorsEntry>.Create(static (a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        foreach (SafetensorsEntry entry in _entries.Order(byPlace))
        {
            if (entry.End > dataLength || entry.Begin != end)
            {
                string fault = entry.End > dataLength ? $"leave the {dataLength} bytes of data that the file has"
                    : entry.Begin < end ? $"overlap another tensor, which ends at {end}"
                    : $"leave a hole after byte {end}";
                throw Fault(entry.Info.Name, $"data_offsets {MessageText.Shape([entry.Begin, entry.End])} {fault}");
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            throw new InputException($"{_path}: {dataLength - end} bytes after the last tensor belong to none.");
        }
    }

    private InputException Fault(string tensor, string fault) => new($"{_path}: tensor {MessageText.Quote(tensor)}: {fault}.");
}
