using System.Text;

namespace SegNeXt.Core;

/// <summary>
/// The form that PyTorch writes since 1.6: a zip with <c>NAME/data.pkl</c> and a file <c>NAME/data/KEY</c> for each
/// storage.
/// </summary>
internal static class ZipCheckpoint
{
    /// <summary>Largest pickle that is read; the values are not in it.</summary>
    private const long MaxPickle = 64 << 20;

    /// <summary>Reads the object tree; the storages' bytes stay where they are.</summary>
    /// <exception cref="InputException">The file is damaged, or not a checkpoint of tensors.</exception>
    public static object? Load(ByteStore store, string path)
    {
        ZipDirectory zip = ZipDirectory.Read(store, path);
        string prefix = FindPrefix(zip, path);
        if (zip.Entries.TryGetValue(prefix + "byteorder", out ZipEntry? order) && order.Length <= 16 && ReadText(zip.Open(order)) != "little")
        {
            throw new InputException($"{path}: the checkpoint was written on a big-endian machine, which is not supported.");
        }

        ZipEntry pickle = zip.Entries[prefix + "data.pkl"];
        if (pickle.Length > MaxPickle)
        {
            throw new InputException($"{path}: refused: its pickle has {pickle.Length} bytes; at most {MaxPickle} are read.");
        }

        Dictionary<string, PickledStorage> storages = new(StringComparer.Ordinal);
        PickleMachine machine = new(new PickleInput(zip.Open(pickle), path), id => Storage(StorageId.Parse(path, id)));
        return machine.Run();

        PickledStorage Storage(StorageId id)
        {
            if (id.View is not null)
            {
                throw new InputException($"{path}: damaged checkpoint: storage {MessageText.Quote(id.Key)} is a view, which only legacy files have.");
            }

            if (storages.TryGetValue(id.Key, out PickledStorage? known))
            {
                return known.DType == id.DType && known.ByteLength == id.Elements * id.DType.Size()
                    ? known
                    : throw new InputException($"{path}: damaged checkpoint: storage {MessageText.Quote(id.Key)} is described in two ways.");
            }

            if (!zip.Entries.TryGetValue($"{prefix}data/{id.Key}", out ZipEntry? entry))
            {
                throw new InputException($"{path}: damaged checkpoint: storage {MessageText.Quote(id.Key)} is missing.");
            }

            PickledStorage storage = new(id.Key, id.DType, id.Elements);
            if (entry.Length != storage.ByteLength)
            {
                throw new InputException($"{path}: damaged checkpoint: storage {MessageText.Quote(id.Key)} holds {entry.Length} bytes, but {id.Elements} elements of {id.DType} need {storage.ByteLength}.");
            }

            storage.Bytes = entry.Deflated ? new DeflatedStore(zip, entry) : zip.Open(entry);
            storages.Add(id.Key, storage);
            return storage;
        }
    }

    private static string FindPrefix(ZipDirectory zip, string path)
    {
        const string Pickle = "data.pkl";
        List<string> prefixes = [.. zip.Entries.Keys
            .Where(name => name == Pickle || (name.EndsWith("/" + Pickle, StringComparison.Ordinal) && name.IndexOf('/', StringComparison.Ordinal) == name.Length - Pickle.Length - 1))
            .Select(name => name[..^Pickle.Length])];
        if (prefixes.Count != 1)
        {
            throw new InputException($"{path}: the file is a zip, but {(prefixes.Count == 0 ? "holds no data.pkl" : "holds several data.pkl")}, so it is not a PyTorch checkpoint.");
        }

        return zip.Entries.ContainsKey(prefixes[0] + "constants.pkl")
            ? throw new InputException($"{path}: the file is a TorchScript program, not a checkpoint of weights.")
            : prefixes[0];
    }

    private static string ReadText(ByteStore store)
    {
        byte[] bytes = new byte[store.Length];
        store.Read(0, bytes);
        return Encoding.ASCII.GetString(bytes).Trim();
    }

    /// <summary>A packed storage, unpacked when it is first read; PyTorch stores, but repacked files exist.</summary>
    private sealed class DeflatedStore(ZipDirectory zip, ZipEntry entry) : ByteStore
    {
        private ByteStore? _bytes;

        public override long Length => entry.Length;

        public override void Read(long offset, Span<byte> destination) => (_bytes ??= zip.Open(entry)).Read(offset, destination);
    }
}
