using System.Buffers.Binary;

namespace SegNeXt.Core;

/// <summary>
/// A safetensors file: the header is checked in full when it is opened, values are read on
/// demand. May be read by several threads at once.
/// </summary>
public sealed class SafetensorsFile : ITensorSource
{
    private const long MaxHeader = 100_000_000;
    private readonly ByteStore _store;
    private readonly Dictionary<string, SafetensorsEntry> _entries = new(StringComparer.Ordinal);

    private SafetensorsFile(string path, ByteStore store, SafetensorsHeader header, long dataStart)
    {
        Path = path;
        _store = store;
        Metadata = header.Metadata;
        List<TensorInfo> tensors = new(header.Entries.Count);
        foreach (SafetensorsEntry entry in header.Entries)
        {
            tensors.Add(entry.Info);
            _entries.Add(entry.Info.Name, entry with { Begin = dataStart + entry.Begin, End = dataStart + entry.End });
        }

        Tensors = tensors;
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    public bool IsConcurrent => true;

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header: every name, type, shape and range.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file is missing or not well-formed; the message names the tensor and the field.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        StoredFile store = StoredFile.Open(path);
        try
        {
            return Open(path, store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public TensorInfo? Find(string name) => _entries.TryGetValue(name, out SafetensorsEntry? entry) ? entry.Info : null;

    /// <inheritdoc/>
    public void ReadFloats(string name, Span<float> destination) => TensorReads.Floats(this, name, destination);

    /// <inheritdoc/>
    public void ReadInt64(string name, Span<long> destination) => TensorReads.Int64(this, name, destination);

    /// <inheritdoc/>
    public void ReadBytes(string name, long offset, Span<byte> destination)
    {
        TensorReads.CheckRange(TensorReads.Require(this, name), offset, destination.Length);
        _store.Read(_entries[name].Begin + offset, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private static SafetensorsFile Open(string path, StoredFile store)
    {
        if (store.Length < 8)
        {
            throw new InputException($"{path}: the file has {store.Length} bytes, but the header length alone takes 8.");
        }

        Span<byte> prefix = stackalloc byte[8];
        store.Read(0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeader)
        {
            throw new InputException($"{path}: the header length is {length} bytes, more than the {MaxHeader} that the format allows.");
        }

        if ((long)length > store.Length - 8)
        {
            throw new InputException($"{path}: the header length is {length} bytes, but the file has {store.Length - 8} after it.");
        }

        byte[] json = new byte[length];
        store.Read(8, json);
        long dataStart = 8 + (long)length;
        return new SafetensorsFile(path, store, SafetensorsHeader.Parse(path, json, store.Length - dataStart), dataStart);
    }
}
