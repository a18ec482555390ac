using System.Numerics;

namespace SegNeXt.Core;

/// <summary>
/// The form that PyTorch wrote before 1.6: pickles of a magic number, the protocol, the machine, the object and the
/// list of storage keys, then each storage as its number of elements (64 bits) and its bytes.
/// </summary>
internal static class LegacyCheckpoint
{
    private static readonly BigInteger s_magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether a file's first bytes (24 or more) are those of the magic number in a pickle of protocol 2 to 5.</summary>
    public static bool Matches(ReadOnlySpan<byte> start)
    {
        if (start is not [0x80, >= 2 and <= 5, ..])
        {
            return false;
        }

        // Protocols 4 and 5 open a frame (an opcode and 8 bytes) first; then LONG1, 10 bytes.
        ReadOnlySpan<byte> rest = start[(start is [_, _, 0x95, _, _, _, _, _, _, _, _, ..] ? 11 : 2)..];
        return rest is [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, ..];
    }

    /// <summary>Reads the object tree; the storages' bytes stay where they are.</summary>
    /// <exception cref="InputException">The file is damaged, or not a checkpoint of tensors.</exception>
    public static object? Load(ByteStore store, string path)
    {
        PickleInput input = new(store, path);
        Dictionary<string, PickledStorage> storages = new(StringComparer.Ordinal);
        List<(PickledStorage View, string Root, long Offset)> views = [];
        Dictionary<string, PickledStorage> viewsByKey = new(StringComparer.Ordinal);

        if (!s_magic.Equals(Run(null)) || Run(null) is not 1001L)
        {
            throw new InputException($"{path}: the file is a Python pickle, but not a PyTorch checkpoint.");
        }

        if (Run(null) is PickleDict machine && machine.TryGetValue("little_endian", out object? little) && little is false)
        {
            throw new InputException($"{path}: the checkpoint was written on a big-endian machine, which is not supported.");
        }

        object? root = Run(id => Storage(StorageId.Parse(path, id)));
        if (Run(null) is not List<object?> keys)
        {
            throw input.Fault("the list of storages is missing");
        }

        ReadStorages(store, input, keys, storages);
        foreach ((PickledStorage view, string key, long offset) in views)
        {
            view.Bytes = storages[key].Bytes!.Slice(offset, view.ByteLength);
        }

        return root;

        object? Run(Func<object?[], PickledStorage>? load) => new PickleMachine(input, load).Run();

        PickledStorage Storage(StorageId id)
        {
            if (!storages.TryGetValue(id.Key, out PickledStorage? storage))
            {
                storage = new PickledStorage(id.Key, id.DType, id.Elements);
                storages.Add(id.Key, storage);
            }

            if (storage.DType != id.DType || storage.ByteLength != id.Elements * id.DType.Size())
            {
                throw new InputException($"{path}: damaged checkpoint: storage {MessageText.Quote(id.Key)} is described in two ways.");
            }

            if (id.View is not { } part)
            {
                return storage;
            }

            if (!viewsByKey.TryGetValue(part.Key, out PickledStorage? view))
            {
                view = new PickledStorage(part.Key, id.DType, part.Elements);
                viewsByKey.Add(part.Key, view);
                views.Add((view, id.Key, part.Offset * id.DType.Size()));
            }

            return view;
        }
    }

    private static void ReadStorages(ByteStore store, PickleInput input, List<object?> keys, Dictionary<string, PickledStorage> storages)
    {
        long position = input.Position;
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        foreach (object? key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out PickledStorage? storage) || storage.Bytes is not null)
            {
                throw new InputException($"{input.Path}: damaged checkpoint: its list of storages does not fit its tensors.");
            }

            if (position > store.Length - sizeof(long) - storage.ByteLength)
            {
                throw new InputException($"{input.Path}: the file is cut short: storage {MessageText.Quote(name)} needs {storage.ByteLength} bytes where {Math.Max(0, store.Length - position - sizeof(long))} are left.");
            }

            store.Read(position, prefix);
            long elements = System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(prefix);
            if (elements != storage.ByteLength / storage.DType.Size())
            {
                throw new InputException($"{input.Path}: damaged checkpoint: storage {MessageText.Quote(name)} has {elements} elements in one place and {storage.ByteLength / storage.DType.Size()} in another.");
            }

            storage.Bytes = store.Slice(position + sizeof(long), storage.ByteLength);
            position += sizeof(long) + storage.ByteLength;
        }

        foreach (PickledStorage storage in storages.Values.Where(storage => storage.Bytes is null))
        {
            throw new InputException($"{input.Path}: damaged checkpoint: storage {MessageText.Quote(storage.Key)} is missing.");
        }
    }
}
