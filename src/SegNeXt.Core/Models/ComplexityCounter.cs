namespace SegNeXt.Core;

/// <summary>Rows and columns of a feature map.</summary>
internal readonly record struct FeatureSize(int Height, int Width)
{
    public long Positions => (long)Height * Width;

    /// <summary>After a 3×3 convolution with stride 2 and padding 1: ⌊(in − 1) / 2⌋ + 1.</summary>
    public FeatureSize Halved() => new(((Height - 1) / 2) + 1, ((Width - 1) / 2) + 1);
}

/// <summary>Adds up <see cref="ModelComplexity"/>'s counts, part by part.</summary>
internal sealed class ComplexityCounter(IReadOnlyList<TensorSpec> tensors, string encoderPrefix)
{
    private readonly List<StageComplexity> _stages = [];
    private readonly SortedDictionary<ComplexityKind, long> _byKind = [];
    private long _current;

    public void Add(ComplexityKind kind, long count)
    {
        _current = checked(_current + count);
        _byKind[kind] = checked(_byKind.GetValueOrDefault(kind) + count);
    }

    public void Add(ComplexityKind kind, long channels, long positions) => Add(kind, checked(channels * positions));

    public void Convolution(ComplexityKind kind, long output, long inputPerGroup, long taps, FeatureSize size) =>
        Add(kind, checked(output * inputPerGroup * taps), size.Positions);

    public void CloseEncoderStage(string name, int channels, FeatureSize size, params string[] parts) =>
        Close(name, channels, size, [.. parts.Select(part => encoderPrefix + part)]);

    /// <summary>Ends a part: what was added since the last end is its share.</summary>
    public void Close(string name, int channels, FeatureSize size, params string[] prefixes)
    {
        long parameters = prefixes.Sum(prefix => ModelLayout.CountParameters(tensors, prefix));
        _stages.Add(new StageComplexity(name, [channels, size.Height, size.Width], parameters, _current));
        _current = 0;
    }

    public ComplexityReport Report(int height, int width) => new(height, width, _stages, _byKind);
}
