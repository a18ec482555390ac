using System.Buffers.Binary;

namespace SegNeXt.Core;

/// <summary>
/// A model file that is nowhere: random weights for any model, the same on every machine, made when they are read. They
/// have learned nothing; they are for timing a network and for holding engines against each other.
/// </summary>
/// <remarks>
/// Every tensor takes part: norms have gains, shifts and statistics of their own and layer scales are large enough to be
/// seen, which is not so at the beginning of a training. Maps keep their size from layer to layer.
/// </remarks>
public sealed class RandomWeights : ITensorSource
{
    private readonly Dictionary<string, TensorInfo> _tensors;
    private readonly ModelConfig _config;
    private Dictionary<string, string>? _metadata;

    /// <summary>Makes the weights of a model.</summary>
    /// <param name="config">What the model is.</param>
    /// <exception cref="InputException">The config contradicts itself; the message names the field.</exception>
    public RandomWeights(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Path = $"random weights of {(config.Name == "custom" ? "a model" : config.Name.ToUpperInvariant())}";
        config.Validate();
        _config = config;
        Tensors = [.. ModelLayout.Enumerate(config).Select(spec => new TensorInfo(spec.Name, spec.DType, spec.Shape))];
        _tensors = Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>What stands for the path in messages, such as <c>random weights of T</c>.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => _metadata ??= ModelConfigJson.Metadata(_config);

    /// <inheritdoc/>
    public bool IsConcurrent => true;

    /// <inheritdoc/>
    public TensorInfo? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void ReadFloats(string name, Span<float> destination) => TensorReads.Floats(this, name, destination);

    /// <inheritdoc/>
    public void ReadInt64(string name, Span<long> destination) => TensorReads.Int64(this, name, destination);

    /// <inheritdoc/>
    public void ReadBytes(string name, long offset, Span<byte> destination)
    {
        TensorInfo tensor = TensorReads.Require(this, name);
        TensorReads.CheckRange(tensor, offset, destination.Length);
        if (tensor.DType != TensorDType.F32)
        {
            // The batches that norms have seen.
            destination.Clear();
            return;
        }

        (float centre, float reach) = RangeOf(tensor);
        ulong seed = SeedOf(name);
        Span<byte> last = stackalloc byte[sizeof(float)];
        while (destination.Length > 0)
        {
            float value = centre + (reach * ((2 * SplitMix64.UniformAt(seed, (ulong)(offset / sizeof(float)))) - 1));
            int skip = (int)(offset % sizeof(float));
            if (skip == 0 && destination.Length >= sizeof(float))
            {
                BinaryPrimitives.WriteSingleLittleEndian(destination, value);
                offset += sizeof(float);
                destination = destination[sizeof(float)..];
                continue;
            }

            BinaryPrimitives.WriteSingleLittleEndian(last, value);
            int count = Math.Min(sizeof(float) - skip, destination.Length);
            last.Slice(skip, count).CopyTo(destination);
            offset += count;
            destination = destination[count..];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Values lie evenly in centre ± reach.</summary>
    private static (float Centre, float Reach) RangeOf(TensorInfo tensor)
    {
        if (tensor.Name.EndsWith(".running_var", StringComparison.Ordinal))
        {
            return (1f, 0.5f);
        }

        if (tensor.Shape.Length > 1)
        {
            // Variance 1 / fan-in: what goes in with variance 1 comes out with it. A depth-wise strip has 7 to 21 weights.
            long fanIn = tensor.ElementCount / tensor.Shape[0];
            return (0f, MathF.Sqrt(3f / fanIn));
        }

        return tensor.Name.EndsWith(".weight", StringComparison.Ordinal) ? (1f, 0.3f)
            // The attention gate squares its input: what a block adds must stay small over the 27 blocks of L's third stage.
            : tensor.Name.Contains(".layer_scale_", StringComparison.Ordinal) ? (0.05f, 0.03f)
            : (0f, 0.1f);
    }

    /// <summary>FNV-1a of the name, so that a tensor's values do not hang on which other tensors there are.</summary>
    private static ulong SeedOf(string name)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (char letter in name)
        {
            hash = (hash ^ letter) * 0x0000_0100_0000_01B3;
        }

        return hash;
    }
}
