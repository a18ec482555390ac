using System.Globalization;
using System.Text.RegularExpressions;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>The losses by name.</summary>
public enum LossKind
{
    /// <summary><c>cross_entropy</c>: <see cref="CrossEntropyLoss"/>.</summary>
    CrossEntropy,

    /// <summary><c>ohem</c>: <see cref="OhemLoss"/>.</summary>
    Ohem,

    /// <summary><c>focal</c>: <see cref="FocalLoss"/>.</summary>
    Focal,

    /// <summary><c>dice</c>: <see cref="DiceLoss"/>.</summary>
    Dice,

    /// <summary><c>lovasz</c>: <see cref="LovaszLoss"/>.</summary>
    Lovasz,
}

/// <summary>One loss of a sum.</summary>
/// <param name="Weight">Its factor, above 0.</param>
/// <param name="Kind">Which loss.</param>
public readonly record struct LossTerm(double Weight, LossKind Kind);

/// <summary>A loss or a weighted sum of losses, written <c>cross_entropy + 0.5*dice</c>. Equal formulas are equal values.</summary>
public sealed partial class LossFormula : IEquatable<LossFormula>
{
    private static readonly (string Name, LossKind Kind)[] s_names =
    [
        ("cross_entropy", LossKind.CrossEntropy),
        ("ohem", LossKind.Ohem),
        ("focal", LossKind.Focal),
        ("dice", LossKind.Dice),
        ("lovasz", LossKind.Lovasz),
    ];

    private LossFormula(IReadOnlyList<LossTerm> terms) => Terms = terms;

    /// <summary>The released recipe's.</summary>
    public static LossFormula CrossEntropy { get; } = new([new(1, LossKind.CrossEntropy)]);

    /// <summary>The losses with their weights, each loss once.</summary>
    public IReadOnlyList<LossTerm> Terms { get; }

    /// <summary>Reads a formula.</summary>
    /// <param name="text">Names joined by <c>+</c>, each with a factor and <c>*</c> before it or without.</param>
    /// <exception cref="InputException">It is no such sum, a name is not known or comes twice, or a factor is not above 0.</exception>
    public static LossFormula Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<LossTerm> terms = [];
        int at = 0;
        while (at < text.Length || terms.Count == 0)
        {
            Match match = TermPattern().Match(text, at);
            if (!match.Success || (at > 0 && text[at - 1] != '+') || (match.Value.EndsWith('+') && match.Index + match.Length == text.Length))
            {
                throw new InputException($"'{text}' is no loss; expected one of {Known}, or a sum such as cross_entropy + 0.5*dice");
            }

            terms.Add(ReadTerm(match, terms));
            at = match.Index + match.Length;
        }

        return new LossFormula(terms);
    }

    /// <summary>The formula as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Join(" + ", Terms.Select(term =>
        (term.Weight == 1 ? "" : term.Weight.ToString("R", CultureInfo.InvariantCulture) + "*") + s_names.First(entry => entry.Kind == term.Kind).Name));

    /// <inheritdoc/>
    public bool Equals(LossFormula? other) => other is not null && Terms.SequenceEqual(other.Terms);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LossFormula);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static string Known => string.Join(", ", s_names.Select(entry => entry.Name));

    private static LossTerm ReadTerm(Match match, List<LossTerm> before)
    {
        string name = match.Groups["name"].Value;
        int index = Array.FindIndex(s_names, entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            string? nearest = NearestName.Find(name, s_names.Select(entry => entry.Name));
            throw new InputException($"there is no loss '{name}'; {(nearest is null ? $"the losses are {Known}" : $"did you mean '{nearest}'?")}");
        }

        LossKind kind = s_names[index].Kind;
        if (before.Any(term => term.Kind == kind))
        {
            throw new InputException($"the loss '{name}' is named twice; give it once, with its weight");
        }

        Group factor = match.Groups["factor"];
        double weight = factor.Success ? double.Parse(factor.Value, NumberStyles.Float, CultureInfo.InvariantCulture) : 1;
        return weight > 0 && double.IsFinite(weight)
            ? new LossTerm(weight, kind)
            : throw new InputException($"the weight of the loss '{name}' must be above 0, not {factor.Value}");
    }

    // One term with the + behind it, if any.
    [GeneratedRegex(@"\G\s*(?:(?<factor>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*\*\s*)?(?<name>[A-Za-z][\w-]*)\s*(?:\+|$)", RegexOptions.CultureInvariant)]
    private static partial Regex TermPattern();
}
