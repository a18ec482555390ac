using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SegNeXt.Core;

/// <summary>One file in a zip: where its bytes are, how they are packed, and the CRC-32 of the unpacked ones (0: not written).</summary>
internal sealed record ZipEntry(string Name, bool Deflated, long LocalHeader, long PackedLength, long Length, uint Checksum);

/// <summary>
/// The directory of a zip file (with zip64). <see cref="ZipArchive"/> does not tell where an entry lies in the file,
/// which mapping needs.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndLength = 22;
    private const int End64Length = 56;
    private const int LocatorLength = 20;
    private const int CentralLength = 46;
    private const int LocalLength = 30;
    private readonly ByteStore _store;
    private readonly string _path;
    private readonly Dictionary<string, ZipEntry> _entries = new(StringComparer.Ordinal);

    private ZipDirectory(ByteStore store, string path) => (_store, _path) = (store, path);

    /// <summary>The entries by name.</summary>
    public IReadOnlyDictionary<string, ZipEntry> Entries => _entries;

    /// <summary>Reads the directory at a zip's end.</summary>
    /// <exception cref="InputException">The zip is cut short, damaged, or of a kind that PyTorch does not write.</exception>
    public static ZipDirectory Read(ByteStore store, string path)
    {
        ZipDirectory directory = new(store, path);
        (long start, long length, long count) = directory.FindDirectory();
        directory.ReadEntries(start, length, count);
        return directory;
    }

    /// <summary>
    /// The bytes of an entry: a part of the file if it is stored, unpacked into memory if not. Their checksum is
    /// looked at when they are first read.
    /// </summary>
    public ByteStore Open(ZipEntry entry)
    {
        byte[] local = ReadAt(entry.LocalHeader, LocalLength, entry.Name);
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != 0x04034b50)
        {
            throw Fault($"entry {MessageText.Quote(entry.Name)} does not begin where the directory says");
        }

        long start = entry.LocalHeader + LocalLength + UInt16(local, 26) + UInt16(local, 28);
        if (start > _store.Length - entry.PackedLength)
        {
            throw Fault($"entry {MessageText.Quote(entry.Name)} leaves the file");
        }

        ByteStore packed = _store.Slice(start, entry.PackedLength);
        ByteStore bytes = entry.Deflated ? Inflate(entry, packed) : packed;
        return entry.Checksum == 0 ? bytes : new ChecksummedStore(bytes, entry, _path);
    }

    private ArrayStore Inflate(ZipEntry entry, ByteStore packed)
    {
        // Deflate cannot shrink more than about 1032 times, so a larger claim is false and gets no memory.
        if (entry.Length > Array.MaxLength || entry.Length / 1100 > entry.PackedLength)
        {
            throw Fault($"entry {MessageText.Quote(entry.Name)} claims {entry.Length} bytes from {entry.PackedLength} packed ones");
        }

        byte[] bytes = new byte[entry.Length];
        try
        {
            using DeflateStream stream = new(new ByteStoreStream(packed), CompressionMode.Decompress);
            stream.ReadExactly(bytes);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new InputException($"{_path}: damaged zip: entry {MessageText.Quote(entry.Name)} cannot be unpacked.", error);
        }

        return new ArrayStore(bytes);
    }

    private (long Start, long Length, long Count) FindDirectory()
    {
        int tailLength = (int)Math.Min(_store.Length, EndLength + ushort.MaxValue);
        byte[] tail = new byte[tailLength];
        _store.Read(_store.Length - tailLength, tail);
        for (int i = tailLength - EndLength; i >= 0; i--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(i)) == 0x06054b50 && i + EndLength + UInt16(tail, i + 20) == tailLength)
            {
                return FindDirectory(tail.AsSpan(i, EndLength).ToArray(), _store.Length - tailLength + i);
            }
        }

        throw new InputException($"{_path}: the file is cut short or damaged: it begins as a zip, but the zip's directory at the end is missing.");
    }

    private (long Start, long Length, long Count) FindDirectory(byte[] end, long endStart)
    {
        long count = UInt16(end, 10);
        long length = UInt32(end, 12);
        long start = UInt32(end, 16);
        if (count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue)
        {
            byte[] locator = ReadAt(endStart - LocatorLength, LocatorLength, "zip64 locator");
            byte[] end64 = ReadAt(Int64(locator, 8), End64Length, "zip64 directory");
            if (UInt32(locator, 0) != 0x07064b50 || UInt32(end64, 0) != 0x06064b50)
            {
                throw Fault("the zip64 directory is missing");
            }

            (count, length, start) = (Int64(end64, 32), Int64(end64, 40), Int64(end64, 48));
        }

        if (start < 0 || length < 0 || count < 0 || start > endStart || length > endStart - start || count > length / CentralLength || length > Array.MaxLength)
        {
            throw Fault("the directory leaves the file");
        }

        return (start, length, count);
    }

    private void ReadEntries(long start, long length, long count)
    {
        byte[] directory = new byte[length];
        _store.Read(start, directory);
        int position = 0;
        for (long i = 0; i < count; i++)
        {
            if (position > directory.Length - CentralLength || UInt32(directory, position) != 0x02014b50)
            {
                throw Fault($"directory entry {i} is damaged");
            }

            int nameLength = UInt16(directory, position + 28);
            int extraLength = UInt16(directory, position + 30);
            int next = position + CentralLength + nameLength + extraLength + UInt16(directory, position + 32);
            if (next > directory.Length)
            {
                throw Fault($"directory entry {i} leaves the directory");
            }

            string name = Encoding.UTF8.GetString(directory, position + CentralLength, nameLength);
            ReadOnlySpan<byte> extra = directory.AsSpan(position + CentralLength + nameLength, extraLength);
            if (!_entries.TryAdd(name, ReadEntry(name, directory.AsSpan(position, CentralLength), extra)))
            {
                throw Fault($"entry {MessageText.Quote(name)} is there twice");
            }

            position = next;
        }
    }

    private ZipEntry ReadEntry(string name, ReadOnlySpan<byte> central, ReadOnlySpan<byte> extra)
    {
        int flags = UInt16(central, 8);
        int method = UInt16(central, 10);
        long packed = UInt32(central, 20);
        long length = UInt32(central, 24);
        long local = UInt32(central, 42);
        if ((flags & 1) != 0 || method is not (0 or 8))
        {
            throw new InputException($"{_path}: zip entry {MessageText.Quote(name)} is {((flags & 1) != 0 ? "encrypted" : $"packed by method {method}")}; only stored and deflated ones can be read.");
        }

        for (; extra.Length >= 4; extra = extra[Math.Min(extra.Length, 4 + UInt16(extra, 2))..])
        {
            if (UInt16(extra, 0) != 1)
            {
                continue;
            }

            // Zip64: the fields that did not fit, in this order.
            ReadOnlySpan<byte> wide = extra[4..Math.Min(extra.Length, 4 + UInt16(extra, 2))];
            length = length == uint.MaxValue ? Take(ref wide, name) : length;
            packed = packed == uint.MaxValue ? Take(ref wide, name) : packed;
            local = local == uint.MaxValue ? Take(ref wide, name) : local;
            break;
        }

        return length >= 0 && packed >= 0 && local >= 0 && packed <= _store.Length && (method == 8 || packed == length)
            ? new ZipEntry(name, method == 8, local, packed, length, (uint)UInt32(central, 16))
            : throw Fault($"entry {MessageText.Quote(name)} has impossible sizes");
    }

    private long Take(ref ReadOnlySpan<byte> wide, string name)
    {
        if (wide.Length < 8)
        {
            throw Fault($"entry {MessageText.Quote(name)} lacks its zip64 sizes");
        }

        long value = Int64(wide, 0);
        wide = wide[8..];
        return value;
    }

    private byte[] ReadAt(long offset, int count, string what)
    {
        if (offset < 0 || offset > _store.Length - count)
        {
            throw Fault($"{what} lies outside the file");
        }

        byte[] bytes = new byte[count];
        _store.Read(offset, bytes);
        return bytes;
    }

    private InputException Fault(string what) => new($"{_path}: damaged zip: {what}.");

    private static int UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static long UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Int64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
