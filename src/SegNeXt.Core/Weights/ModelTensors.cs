namespace SegNeXt.Core;

/// <summary>The tensors of an open weight file by the released code's names, for several threads at once.</summary>
public sealed class ModelTensors
{
    private readonly Lock _gate = new();
    private readonly ITensorSource _source;
    private readonly Dictionary<string, MatchedTensor> _tensors;

    private ModelTensors(ITensorSource source, ModelConfig config, MatchResult match)
    {
        _source = source;
        Config = config;
        Match = match;
        _tensors = match.Tensors.ToDictionary(tensor => tensor.Spec.Name, StringComparer.Ordinal);
    }

    /// <summary>What the model is.</summary>
    public ModelConfig Config { get; }

    /// <summary>The file's path.</summary>
    public string Path => _source.Path;

    /// <summary>How many of the model's tensors the file has, and where.</summary>
    public MatchResult Match { get; }

    /// <summary>Finds out what model an open file holds and pairs its tensors.</summary>
    /// <param name="source">A weight file, open as long as the result is used.</param>
    /// <exception cref="InputException">Its tensors do not make a model.</exception>
    public static ModelTensors Of(ITensorSource source) => Of(source, ModelInspector.Recover(source));

    /// <summary>Pairs the tensors of an open file with those of the model that it holds.</summary>
    /// <param name="source">A weight file, open as long as the result is used.</param>
    /// <param name="recovered">What <see cref="ModelInspector"/> has found in it.</param>
    /// <exception cref="InputException">Tensors are missing, unexpected or misshapen.</exception>
    public static ModelTensors Of(ITensorSource source, RecoveredModel recovered)
    {
        ArgumentNullException.ThrowIfNull(recovered);
        IReadOnlyList<TensorSpec> expected = [.. ModelLayout.Enumerate(recovered.Config), .. ModelLayout.OptionalBases(recovered.Config)];
        return new ModelTensors(source, recovered.Config, StateMatcher.Match(source, expected, recovered.NameMap));
    }

    /// <summary>Whether the file has a tensor; the optional ones may be absent.</summary>
    /// <param name="name">The released code's name.</param>
    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>A tensor's shape.</summary>
    /// <param name="name">The name of a tensor that the file has.</param>
    public IReadOnlyList<long> Shape(string name) => _tensors[name].Spec.Shape;

    /// <summary>A tensor's values as float32, row-major.</summary>
    /// <param name="name">The name of a tensor that the file has.</param>
    /// <exception cref="InputException">The file is damaged there.</exception>
    public float[] Read(string name)
    {
        MatchedTensor tensor = _tensors[name];
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)Count(tensor.Spec)));
        using (Turn())
        {
            _source.ReadFloats(tensor.NameInFile, values);
        }

        return values;
    }

    /// <summary>An integer tensor's values; zeros where the file does not have the tensor, which may only be a counter.</summary>
    /// <param name="spec">The tensor.</param>
    /// <exception cref="InputException">The file is damaged there.</exception>
    public long[] ReadIntegers(TensorSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        long[] values = new long[Count(spec)];
        if (_tensors.TryGetValue(spec.Name, out MatchedTensor? tensor))
        {
            using (Turn())
            {
                _source.ReadInt64(tensor.NameInFile, values);
            }
        }

        return values;
    }

    /// <summary>Waits for the other threads where the file is for one at a time.</summary>
    private Lock.Scope Turn() => _source.IsConcurrent ? default : _gate.EnterScope();

    private static long Count(TensorSpec spec) => TensorInfo.Product(spec.Shape);
}
