namespace SegNeXt.Core;

/// <summary>
/// A PyTorch checkpoint (<c>torch.save</c>), in its zip form or the legacy one: the tensors of its state dict, and
/// everything else as plain objects. Its pickle is read by a machine that builds tensors and plain containers and can
/// run nothing; a file that asks for more is refused. Values are read on demand, and their checksums with them. For one thread at a time.
/// </summary>
public sealed class PthFile : ITensorSource
{
    private readonly ByteStore _store;
    private readonly List<TensorInfo> _tensors = [];
    private readonly Dictionary<string, (TensorInfo Info, PickledTensor Tensor)> _byName = new(StringComparer.Ordinal);

    private PthFile(string path, ByteStore store, object? root)
    {
        Path = path;
        _store = store;
        Root = root;
        Meta = new CheckpointMeta((root as PickleDict)?.Get<PickleDict>("meta"));
        List<KeyValuePair<string, PickledTensor>> tensors = StateDict.Find(root, path, out string place);
        foreach ((string name, PickledTensor tensor) in tensors)
        {
            TensorInfo info = tensor.Info with { Name = name };
            _tensors.Add(info);
            _byName.Add(name, (info, tensor));
        }

        StateDictKey = place;
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <summary>The tensors of the state dict, in its order, without a leading <c>module.</c></summary>
    public IReadOnlyList<TensorInfo> Tensors => _tensors;

    /// <summary>The texts and numbers of the checkpoint's <c>meta</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Meta.Texts;

    /// <summary>What the checkpoint's <c>meta</c> says: class names, palette, configuration text.</summary>
    public CheckpointMeta Meta { get; }

    /// <summary>The whole object that was saved; see <see cref="PickleDict"/> for the types in it.</summary>
    public object? Root { get; }

    /// <summary>The entry of the root that the tensors come from, such as <c>state_dict</c>; empty for the root itself.</summary>
    public string StateDictKey { get; }

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file is missing, damaged, no checkpoint, or holds more than tensors and plain containers.</exception>
    public static PthFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        StoredFile store = StoredFile.Open(path);
        try
        {
            byte[] start = new byte[Math.Min(store.Length, 24)];
            store.Read(0, start);
            object? root = start is [(byte)'P', (byte)'K', ..] ? ZipCheckpoint.Load(store, path)
                : LegacyCheckpoint.Matches(start) ? LegacyCheckpoint.Load(store, path)
                : throw new InputException($"{path} is not a PyTorch checkpoint: it begins with {MessageText.Beginning(start)}.");
            return new PthFile(path, store, root);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public TensorInfo? Find(string name) => _byName.TryGetValue(name, out (TensorInfo Info, PickledTensor) entry) ? entry.Info : null;

    /// <inheritdoc/>
    public void ReadFloats(string name, Span<float> destination) => TensorReads.Floats(this, name, destination);

    /// <summary>Reads a tensor of <see cref="Root"/>, such as an optimizer's state, as float32.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <param name="destination">Takes exactly the tensor's elements, row-major.</param>
    /// <exception cref="ArgumentException">The destination's length is not the number of elements.</exception>
    public void ReadFloats(PickledTensor tensor, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using Single single = new(this, tensor);
        TensorReads.Floats(single, "", destination);
    }

    /// <inheritdoc/>
    public void ReadInt64(string name, Span<long> destination) => TensorReads.Int64(this, name, destination);

    /// <inheritdoc/>
    public void ReadBytes(string name, long offset, Span<byte> destination)
    {
        TensorReads.CheckRange(TensorReads.Require(this, name), offset, destination.Length);
        StridedReader.Read(_byName[name].Tensor, offset, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    /// <summary>One tensor of the tree as a source, so that it is read by the same code as the named ones.</summary>
    private sealed class Single(PthFile file, PickledTensor tensor) : ITensorSource
    {
        public string Path => file.Path;

        public IReadOnlyList<TensorInfo> Tensors => [tensor.Info];

        public IReadOnlyDictionary<string, string> Metadata => file.Metadata;

        public TensorInfo? Find(string name) => tensor.Info;

        public void ReadFloats(string name, Span<float> destination) => TensorReads.Floats(this, name, destination);

        public void ReadInt64(string name, Span<long> destination) => TensorReads.Int64(this, name, destination);

        public void ReadBytes(string name, long offset, Span<byte> destination) => StridedReader.Read(tensor, offset, destination);

        public void Dispose()
        {
        }
    }
}
