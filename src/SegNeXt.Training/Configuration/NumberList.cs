using System.Collections;

namespace SegNeXt.Training;

/// <summary>A list of numbers that is equal to another with the same numbers in the same order, as settings are compared.</summary>
public sealed class NumberList : IReadOnlyList<double>, IEquatable<NumberList>
{
    private readonly double[] _values;

    /// <summary>Creates a list.</summary>
    /// <param name="values">The numbers; copied.</param>
    public NumberList(params IEnumerable<double> values) => _values = [.. values];

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <inheritdoc/>
    public double this[int index] => _values[index];

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator() => ((IEnumerable<double>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _values.GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(NumberList? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NumberList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (double value in _values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }
}
