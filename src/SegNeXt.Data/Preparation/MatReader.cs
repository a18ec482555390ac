using System.Buffers.Binary;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Goes through the elements of a MATLAB file: a tag of type and length, then the content, in units of eight bytes.</summary>
internal ref struct MatReader
{
    public const int Int8 = 1;
    public const int UInt8 = 2;
    public const int Int16 = 3;
    public const int UInt16 = 4;
    public const int Int32 = 5;
    public const int UInt32 = 6;
    public const int Single = 7;
    public const int Double = 9;
    public const int Int64 = 12;
    public const int UInt64 = 13;
    public const int Matrix = 14;
    public const int Compressed = 15;

    private ReadOnlySpan<byte> _rest;

    public MatReader(ReadOnlySpan<byte> bytes, bool isBigEndian, string path)
    {
        _rest = bytes;
        IsBigEndian = isBigEndian;
        Path = path;
    }

    public bool IsBigEndian { get; }

    public string Path { get; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The next element's content.</summary>
    /// <exception cref="InputException">It breaks off.</exception>
    public ReadOnlySpan<byte> Next(out int type)
    {
        uint first = UInt(Take(4));
        if (first >> 16 != 0)
        {
            // A short element: type and length in one word, up to four bytes of content in the other.
            type = (int)(first & 0xFFFF);
            uint small = first >> 16;
            return small <= 4 ? Take(4)[..(int)small] : throw Damaged();
        }

        type = (int)first;
        uint length = UInt(Take(4));
        if (length > _rest.Length)
        {
            throw Damaged();
        }

        ReadOnlySpan<byte> content = Take((int)length);
        if (type != Compressed)
        {
            _rest = _rest[Math.Min(_rest.Length, -(int)length & 7)..];
        }

        return content;
    }

    /// <summary>The next element's content, which must be of a type.</summary>
    /// <exception cref="InputException">It breaks off or is another.</exception>
    public ReadOnlySpan<byte> Next(int expected)
    {
        ReadOnlySpan<byte> content = Next(out int type);
        return type == expected ? content : throw Damaged();
    }

    public readonly uint UInt(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    /// <summary>Another reader over an element's content.</summary>
    public readonly MatReader Into(ReadOnlySpan<byte> content) => new(content, IsBigEndian, Path);

    public readonly InputException Damaged() => new($"{Path} is damaged: an element of the MATLAB file breaks off or is malformed.");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw Damaged();
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
