using System.Globalization;

namespace SegNeXt.Training;

/// <summary>Where class weights come from.</summary>
public enum ClassWeightRule
{
    /// <summary>Every class counts 1.</summary>
    None,

    /// <summary><see cref="ClassFrequencies.MedianFrequencyWeights"/> of the training labels.</summary>
    MedianFrequency,

    /// <summary><see cref="ClassFrequencies.InverseFrequencyWeights"/> of the training labels.</summary>
    InverseFrequency,

    /// <summary>The configuration lists them.</summary>
    Explicit,
}

/// <summary><c>train.class_weights</c>: null, the name of a rule, or a list of numbers. Equal lists are equal values.</summary>
public sealed class ClassWeighting : IEquatable<ClassWeighting>
{
    private ClassWeighting(ClassWeightRule rule, IReadOnlyList<double> values)
    {
        Rule = rule;
        Values = values;
    }

    /// <summary>No weights.</summary>
    public static ClassWeighting None { get; } = new(ClassWeightRule.None, []);

    /// <summary>By <see cref="ClassWeightRule.MedianFrequency"/>.</summary>
    public static ClassWeighting MedianFrequency { get; } = new(ClassWeightRule.MedianFrequency, []);

    /// <summary>By <see cref="ClassWeightRule.InverseFrequency"/>.</summary>
    public static ClassWeighting InverseFrequency { get; } = new(ClassWeightRule.InverseFrequency, []);

    /// <summary>Where the weights come from.</summary>
    public ClassWeightRule Rule { get; }

    /// <summary>The listed weights, by class; empty unless explicit.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Listed weights.</summary>
    /// <param name="values">A number of at least 0 for each class.</param>
    public static ClassWeighting Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count > 0 && values.All(value => value >= 0 && double.IsFinite(value))
            ? new ClassWeighting(ClassWeightRule.Explicit, [.. values])
            : throw new ArgumentException("Class weights are numbers of at least 0, one for each class.", nameof(values));
    }

    /// <summary>The value as the configuration writes it.</summary>
    public override string ToString() => Rule switch
    {
        ClassWeightRule.MedianFrequency => "median_frequency",
        ClassWeightRule.InverseFrequency => "inverse_frequency",
        ClassWeightRule.Explicit => "[" + string.Join(", ", Values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))) + "]",
        _ => "null",
    };

    /// <inheritdoc/>
    public bool Equals(ClassWeighting? other) => other is not null && Rule == other.Rule && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClassWeighting);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
