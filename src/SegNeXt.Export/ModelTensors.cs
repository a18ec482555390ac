using SegNeXt.Core;

namespace SegNeXt.Export;

/// <summary>The tensors of an open weight file by the released code's names.</summary>
public sealed class ModelTensors
{
    private readonly ITensorSource _source;
    private readonly Dictionary<string, MatchedTensor> _tensors;

    /// <summary>Wraps a file whose tensors have been paired with the model's.</summary>
    /// <param name="source">The file, open as long as this is used.</param>
    /// <param name="config">What the model is.</param>
    /// <param name="match">The pairs, as <see cref="StateMatcher"/> finds them.</param>
    public ModelTensors(ITensorSource source, ModelConfig config, MatchResult match)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(match);
        _source = source;
        Config = config;
        _tensors = match.Tensors.ToDictionary(tensor => tensor.Spec.Name, StringComparer.Ordinal);
    }

    /// <summary>What the model is.</summary>
    public ModelConfig Config { get; }

    /// <summary>The file's path.</summary>
    public string Path => _source.Path;

    /// <summary>Finds out what model an open file holds and pairs its tensors.</summary>
    /// <param name="source">A weight file, open as long as the result is used.</param>
    /// <exception cref="InputException">Its tensors do not make a model.</exception>
    public static ModelTensors Of(ITensorSource source)
    {
        RecoveredModel recovered = ModelInspector.Recover(source);
        IReadOnlyList<TensorSpec> expected = [.. ModelLayout.Enumerate(recovered.Config), .. ModelLayout.OptionalBases(recovered.Config)];
        return new ModelTensors(source, recovered.Config, StateMatcher.Match(source, expected, recovered.NameMap));
    }

    internal bool Has(string name) => _tensors.ContainsKey(name);

    internal long[] Shape(string name) => _tensors[name].Spec.Shape;

    /// <summary>A tensor's values as float32, row-major.</summary>
    internal float[] Read(string name)
    {
        MatchedTensor tensor = _tensors[name];
        var values = new float[tensor.Spec.Shape.Aggregate(1L, (product, side) => product * side)];
        _source.ReadFloats(tensor.NameInFile, values);
        return values;
    }

    /// <summary>An integer tensor's values; zeros where the file does not have the tensor, which may only be a counter.</summary>
    internal long[] ReadIntegers(TensorSpec spec)
    {
        var values = new long[spec.Shape.Aggregate(1L, (product, side) => product * side)];
        if (_tensors.TryGetValue(spec.Name, out MatchedTensor? tensor))
        {
            _source.ReadInt64(tensor.NameInFile, values);
        }

        return values;
    }
}
