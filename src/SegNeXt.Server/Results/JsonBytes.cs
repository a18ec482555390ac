using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SegNeXt.Server;

/// <summary>Writes JSON into memory.</summary>
internal static class JsonBytes
{
    // Names of classes as they are: what is written is never put into a page as markup.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Runs a writer and gives what it wrote, in UTF-8.</summary>
    /// <param name="write">Writes one value.</param>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, s_options))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
