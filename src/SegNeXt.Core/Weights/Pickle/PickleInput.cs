using System.Buffers.Binary;
using System.Text;

namespace SegNeXt.Core;

/// <summary>The bytes of a pickle, read forward through a small window; running out of them is reported by name.</summary>
internal sealed class PickleInput(ByteStore store, string path, long start = 0)
{
    /// <summary>Longest text or bytes in a pickle; in the legacy form only the file's end would bound them otherwise.</summary>
    private const ulong MaxItem = 64 << 20;

    private readonly byte[] _window = new byte[(int)Math.Clamp(store.Length, 1, 1 << 16)];
    private long _windowStart;
    private int _windowLength;
    private long _position = start;

    /// <summary>The file, for messages.</summary>
    public string Path { get; } = path;

    /// <summary>Place of the next byte.</summary>
    public long Position => _position;

    /// <summary>Bytes that are left.</summary>
    public long Remaining => store.Length - _position;

    /// <summary>The next byte.</summary>
    public byte ReadByte()
    {
        if (_position < _windowStart || _position >= _windowStart + _windowLength)
        {
            Require(1);
            _windowStart = _position;
            _windowLength = (int)Math.Min(_window.Length, Remaining);
            store.Read(_windowStart, _window.AsSpan(0, _windowLength));
        }

        return _window[_position++ - _windowStart];
    }

    /// <summary>An unsigned number of that many bytes, little-endian.</summary>
    public ulong ReadUnsigned(int bytes)
    {
        ulong value = 0;
        for (int i = 0; i < bytes; i++)
        {
            value |= (ulong)ReadByte() << (8 * i);
        }

        return value;
    }

    /// <summary>A double, big-endian as pickles have it.</summary>
    public double ReadDouble() => BitConverter.UInt64BitsToDouble(BinaryPrimitives.ReverseEndianness(ReadUnsigned(8)));

    /// <summary>That many bytes; nothing is allocated for more than the file has.</summary>
    public byte[] ReadBytes(ulong count)
    {
        Require(count);
        if (count > MaxItem)
        {
            throw Fault($"a text or value of {count} bytes");
        }

        byte[] bytes = new byte[count];
        store.Read(_position, bytes);
        _position += bytes.LongLength;
        return bytes;
    }

    /// <summary>A text of that many bytes of UTF-8; broken parts become replacement characters.</summary>
    public string ReadText(ulong count) => Encoding.UTF8.GetString(ReadBytes(count));

    /// <summary>A text up to the next line end, at most 500 bytes.</summary>
    public string ReadLine()
    {
        StringBuilder line = new();
        for (byte b = ReadByte(); b != (byte)'\n'; b = ReadByte())
        {
            if (line.Length == 500)
            {
                throw Fault("a name of more than 500 bytes");
            }

            line.Append((char)b);
        }

        return line.ToString();
    }

    /// <summary>A fault of the pickle, with its place.</summary>
    public InputException Fault(string what) => new($"{Path}: damaged checkpoint: {what} (pickle, near byte {_position}).");

    private void Require(ulong count)
    {
        if (count > (ulong)Remaining)
        {
            throw new InputException($"{Path}: the file is cut short: its pickle goes on for {count} bytes where {Remaining} are left.");
        }
    }
}
