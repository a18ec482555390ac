using SegNeXt.Core;

namespace SegNeXt.Inference;

/// <summary>Reads the tensors of an open model file by the released code's names, for several threads at once.</summary>
internal sealed class WeightReader
{
    private readonly Lock _gate = new();
    private readonly ITensorSource _source;
    private readonly Dictionary<string, (TensorSpec Spec, string NameInFile)> _tensors;

    public WeightReader(ITensorSource source, ModelConfig config, IReadOnlyDictionary<string, string> names)
    {
        _source = source;
        IReadOnlyList<TensorSpec> expected = [.. ModelLayout.Enumerate(config), .. ModelLayout.OptionalBases(config)];
        Match = StateMatcher.Match(source, expected, names, null);
        _tensors = Match.Tensors.ToDictionary(tensor => tensor.Spec.Name, tensor => (tensor.Spec, tensor.NameInFile), StringComparer.Ordinal);
    }

    /// <summary>How many of the model's tensors the file has.</summary>
    public MatchResult Match { get; }

    public bool Has(string name) => _tensors.ContainsKey(name);

    public float[] Read(string name)
    {
        (TensorSpec spec, string inFile) = _tensors[name];
        var values = new float[spec.Shape.Aggregate(1L, (product, size) => product * size)];
        lock (_gate)
        {
            _source.ReadFloats(inFile, values);
        }

        return values;
    }
}
