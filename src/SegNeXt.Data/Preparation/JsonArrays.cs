using System.Text.Json;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Reads a JSON object that is too large for memory at once: its long arrays come element by element.</summary>
internal static class JsonArrays
{
    private const int FirstBuffer = 1 << 20;
    private const int MaxElement = 1 << 28;

    /// <summary>Reads a file whose top level is an object.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">What to do with each element of the arrays of these names; other properties are passed over.</param>
    /// <exception cref="InputException">The file cannot be read or is no such JSON.</exception>
    public static void Read(string path, IReadOnlyDictionary<string, Action<JsonElement>> arrays)
    {
        try
        {
            InputFile.Read(path, stream =>
            {
                Parser parser = new(arrays);
                byte[] buffer = new byte[FirstBuffer];
                int length = 0;
                while (!parser.IsDone)
                {
                    int read = stream.ReadAtLeast(buffer.AsSpan(length), buffer.Length - length, throwOnEndOfStream: false);
                    bool isFinal = read < buffer.Length - length;
                    length += read;
                    int used = parser.Parse(buffer.AsSpan(0, length), isFinal);
                    if (isFinal && !parser.IsDone)
                    {
                        throw new JsonException("it breaks off");
                    }

                    buffer.AsSpan(used, length - used).CopyTo(buffer);
                    length -= used;
                    if (length == buffer.Length)
                    {
                        Array.Resize(ref buffer, buffer.Length < MaxElement ? 2 * buffer.Length : throw new JsonException("an entry is too long"));
                    }
                }

                return true;
            });
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: is no JSON object, or a damaged one: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Goes on where the bytes ended: only whole tokens, and of the wanted arrays whole elements, are taken.</summary>
    private sealed class Parser(IReadOnlyDictionary<string, Action<JsonElement>> arrays)
    {
        private JsonReaderState _state = new(new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
        private Action<JsonElement>? _element;
        private bool _inArray;
        private bool _started;

        public bool IsDone { get; private set; }

        /// <returns>Number of bytes that are done with.</returns>
        public int Parse(ReadOnlySpan<byte> bytes, bool isFinal)
        {
            Utf8JsonReader reader = new(bytes, isFinal, _state);
            while (!IsDone)
            {
                Utf8JsonReader before = reader;
                if (!reader.Read() || !Take(ref reader))
                {
                    reader = before;
                    break;
                }
            }

            _state = reader.CurrentState;
            return (int)reader.BytesConsumed;
        }

        /// <returns>Whether all bytes of the token or element were there.</returns>
        private bool Take(ref Utf8JsonReader reader)
        {
            JsonTokenType token = reader.TokenType;
            if (!_started)
            {
                _started = token == JsonTokenType.StartObject ? true : throw new JsonException("it does not begin with a brace");
                return true;
            }

            if (_inArray)
            {
                if (token == JsonTokenType.EndArray)
                {
                    _inArray = false;
                    return true;
                }

                if (!JsonDocument.TryParseValue(ref reader, out JsonDocument? document))
                {
                    return false;
                }

                using (document)
                {
                    _element!(document.RootElement);
                }

                return true;
            }

            if (reader.CurrentDepth == 0 && token == JsonTokenType.EndObject)
            {
                IsDone = true;
            }
            else if (reader.CurrentDepth == 1 && token == JsonTokenType.PropertyName)
            {
                _element = arrays.GetValueOrDefault(reader.GetString()!);
            }
            else if (reader.CurrentDepth == 1 && token == JsonTokenType.StartArray && _element is not null)
            {
                _inArray = true;
            }

            return true;
        }
    }
}
