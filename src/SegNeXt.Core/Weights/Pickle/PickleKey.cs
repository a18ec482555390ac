using System.Numerics;

namespace SegNeXt.Core;

/// <summary>A dict's key: None, a number, a text, bytes, or a short tuple of those.</summary>
internal readonly struct PickleKey : IEquatable<PickleKey>
{
    private const int MaxTuple = 16;

    private PickleKey(object? value) => Value = value;

    /// <summary>The key as a plain object.</summary>
    public object? Value { get; }

    /// <summary>What looking the key up costs, in units of the pickle machine's budget.</summary>
    public int Cost => Value switch
    {
        string text => text.Length / 16,
        byte[] bytes => bytes.Length / 16,
        object?[] tuple => tuple.Sum(item => new PickleKey(item).Cost),
        _ => 0,
    };

    /// <summary>Wraps a key; false for objects that Python, or this reader, cannot hash.</summary>
    public static bool TryCreate(object? value, out PickleKey key)
    {
        key = new PickleKey(value);
        return value is object?[] tuple ? tuple.Length <= MaxTuple && Array.TrueForAll(tuple, IsScalar) : IsScalar(value);
    }

    /// <inheritdoc/>
    public bool Equals(PickleKey other) => (Value, other.Value) switch
    {
        (object?[] a, object?[] b) => a.AsSpan().SequenceEqual(b),
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        _ => Equals(Value, other.Value),
    };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PickleKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // HashCode is seeded per process, so a file cannot be made whose keys all collide.
        HashCode hash = default;
        if (Value is object?[] tuple)
        {
            Array.ForEach(tuple, item => hash.Add(item is byte[] part ? part.Length : item));
        }
        else if (Value is byte[] bytes)
        {
            hash.AddBytes(bytes);
        }
        else
        {
            hash.Add(Value);
        }

        return hash.ToHashCode();
    }

    private static bool IsScalar(object? value) => value is null or bool or long or double or string or BigInteger or byte[] or TensorDType;
}
