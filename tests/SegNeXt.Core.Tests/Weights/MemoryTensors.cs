namespace SegNeXt.Core.Tests;

/// <summary>A weight file of names and shapes alone, whose values are all zero.</summary>
internal sealed class MemoryTensors(IEnumerable<TensorInfo> tensors, IReadOnlyDictionary<string, string>? metadata = null) : ITensorSource
{
    private readonly Dictionary<string, TensorInfo> _tensors = tensors.ToDictionary(tensor => tensor.Name);

    public string Path => "memory.pth";

    public IReadOnlyList<TensorInfo> Tensors => [.. _tensors.Values];

    public IReadOnlyDictionary<string, string> Metadata => metadata ?? new Dictionary<string, string>();

    /// <summary>The tensors of a model, renamed, some of them dropped (a null name).</summary>
    public static MemoryTensors Of(ModelConfig config, Func<string, string?>? rename = null) => new(ModelLayout.Enumerate(config)
        .Select(spec => (Spec: spec, Name: rename is null ? spec.Name : rename(spec.Name)))
        .Where(pair => pair.Name is not null)
        .Select(pair => new TensorInfo(pair.Name!, pair.Spec.DType, pair.Spec.Shape)));

    /// <summary>The same with other tensors added or replaced.</summary>
    public MemoryTensors With(params TensorInfo[] others) => new(_tensors.Values.Where(tensor => others.All(other => other.Name != tensor.Name)).Concat(others), metadata);

    public TensorInfo? Find(string name) => _tensors.GetValueOrDefault(name);

    public void ReadFloats(string name, Span<float> destination) => destination.Clear();

    public void ReadInt64(string name, Span<long> destination) => destination.Clear();

    public void ReadBytes(string name, long offset, Span<byte> destination) => destination.Clear();

    public void Dispose()
    {
    }
}
