using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SegNeXt.Core;

/// <summary>
/// Writes safetensors files: 8 bytes of header length, a JSON header padded with spaces to a multiple of 8, the values.
/// </summary>
public static class SafetensorsWriter
{
    /// <summary>
    /// Writes a file in one pass; it appears under its name only when it is complete and on the disk. The same
    /// tensors in the same order give the same bytes: wide elements come first, so that every tensor is aligned to its
    /// element, and equal widths keep the given order.
    /// </summary>
    /// <param name="path">Where the file goes; an existing one is replaced.</param>
    /// <param name="tensors">The tensors; their names differ.</param>
    /// <param name="metadata">Texts to store beside them, or null.</param>
    /// <exception cref="InputException">The folder is missing or not writable, or no space is left; nothing is left behind.</exception>
    /// <exception cref="ArgumentException">Two tensors share a name, or one has the reserved name <c>__metadata__</c>.</exception>
    public static void Write(string path, IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tensors);
        List<NamedTensor> ordered = [.. tensors.OrderByDescending(tensor => tensor.Info.DType.Size())];
        byte[] header = Header(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            long expected = header.Length;
            foreach (NamedTensor tensor in ordered)
            {
                tensor.WriteTo(stream);
                expected += tensor.Info.ByteLength;
                if (stream.Position != expected)
                {
                    throw new InvalidOperationException($"Tensor '{tensor.Info.Name}' gave a number of bytes other than {tensor.Info.ByteLength}.");
                }
            }
        });
    }

    /// <summary>The name in a file for an element type.</summary>
    internal static string TypeName(TensorDType dtype) => dtype == TensorDType.Bool ? "BOOL" : dtype.ToString();

    private static byte[] Header(List<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            HashSet<string> names = [SafetensorsHeader.MetadataKey];
            long offset = 0;
            foreach (TensorInfo tensor in tensors.Select(tensor => tensor.Info))
            {
                if (!names.Add(tensor.Name))
                {
                    throw new ArgumentException($"The tensor name '{tensor.Name}' is taken.", nameof(tensors));
                }

                WriteEntry(writer, tensor, offset);
                offset = checked(offset + tensor.ByteLength);
            }

            writer.WriteEndObject();
        }

        int length = (json.WrittenCount + 7) / 8 * 8;
        byte[] header = new byte[8 + length];
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        header.AsSpan(8).Fill((byte)' ');
        json.WrittenSpan.CopyTo(header.AsSpan(8));
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is not { Count: > 0 })
        {
            return;
        }

        writer.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach ((string key, string value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, TensorInfo tensor, long offset)
    {
        writer.WriteStartObject(tensor.Name);
        writer.WriteString("dtype", TypeName(tensor.DType));
        writer.WriteStartArray("shape");
        foreach (long size in tensor.Shape)
        {
            writer.WriteNumberValue(size);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(offset);
        writer.WriteNumberValue(checked(offset + tensor.ByteLength));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
