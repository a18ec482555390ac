using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>One key of the configuration: how its value is read into a <see cref="RunConfig"/> and written again.</summary>
/// <param name="Name">Dotted name.</param>
/// <param name="Apply">The configuration with an entry's value in place.</param>
/// <param name="Format">The configuration's value as YAML.</param>
internal sealed partial record ConfigKey(string Name, Func<RunConfig, ConfigEntry, RunConfig> Apply, Func<RunConfig, string> Format)
{
    /// <summary>Whether a file must give it.</summary>
    public bool Required { get; init; }

    /// <summary>The section, or an empty string.</summary>
    public string Section => Name.LastIndexOf('.') is int dot and >= 0 ? Name[..dot] : string.Empty;

    /// <summary>A key whose value a parser understands.</summary>
    public static ConfigKey Of<T>(
        string name,
        string expected,
        Func<ConfigValue, (bool Ok, T Value)> parse,
        Func<T, string> format,
        Lens<T> at) =>
        new(
            name,
            (config, entry) =>
            {
                (bool ok, T value) = parse(entry.Value);
                return ok
                    ? at.Set(config, value)
                    : throw new InputException($"{entry.Origin}: '{name}' must be {expected}, not '{entry.Value}'.");
            },
            config => format(at.Get(config)));

    public static ConfigKey Integer(string name, int min, Lens<int> at) =>
        Of(name, $"a whole number of at least {min}", value => ParseInteger(value, min, int.MaxValue), FormatInteger, at);

    public static ConfigKey OptionalInteger(string name, int min, int max, Lens<int?> at) =>
        Of(name, $"a whole number from {min} to {max}, or null", value => Optional(value, v => ParseInteger(v, min, max)), v => Optional(v, FormatInteger), at);

    public static ConfigKey Number(string name, Range range, Lens<double> at) =>
        Of(name, "a number" + range.Words, value => ParseNumber(value.Text, range), FormatNumber, at);

    public static ConfigKey OptionalNumber(string name, Range range, Lens<double?> at) =>
        Of(name, "a number" + range.Words + ", or null", value => Optional(value, v => ParseNumber(v.Text, range)), v => Optional(v, FormatNumber), at);

    public static ConfigKey Pair(string name, string example, Range range, Lens<(double, double)> at) =>
        Of(name, $"a list of two numbers{range.Words}, such as {example}", value => ParsePair(value, range), v => $"[{FormatNumber(v.Item1)}, {FormatNumber(v.Item2)}]", at);

    /// <summary>A list of one number or more.</summary>
    public static ConfigKey Numbers(string name, string example, Range range, Lens<NumberList> at) =>
        Of(name, $"a list of numbers{range.Words}, such as {example}", value => ParseNumbers(value, range), FormatNumbers, at);

    public static ConfigKey Flag(string name, Lens<bool> at) =>
        Of(name, "true or false", value => (bool.TryParse(value.Text, out bool flag), flag), v => v ? "true" : "false", at);

    public static ConfigKey Text(string name, string expected, Lens<string> at) =>
        Of(name, expected, value => (!string.IsNullOrWhiteSpace(value.Text), value.Text ?? string.Empty), ConfigYaml.Quote, at);

    public static ConfigKey OptionalText(string name, string expected, Lens<string?> at) =>
        Of(name, expected + ", or null", value => (value.IsNull || !string.IsNullOrWhiteSpace(value.Text), value.Text), v => v is null ? "null" : ConfigYaml.Quote(v), at);

    public static ConfigKey Choice<T>(string name, IReadOnlyList<(string Word, T Value)> choices, Lens<T> at) =>
        Of(
            name,
            choices.Count == 1 ? choices[0].Word : string.Join(", ", choices.Take(choices.Count - 1).Select(c => c.Word)) + " or " + choices[^1].Word,
            value =>
            {
                foreach ((string word, T chosen) in choices)
                {
                    if (string.Equals(word, value.Text, StringComparison.OrdinalIgnoreCase))
                    {
                        return (true, chosen);
                    }
                }

                return (false, default!);
            },
            v => choices.First(c => EqualityComparer<T>.Default.Equals(c.Value, v)).Word,
            at);

    /// <summary>One of a few words, or null.</summary>
    public static ConfigKey OptionalChoice(string name, IReadOnlyList<string> words, Lens<string?> at) =>
        Of(
            name,
            string.Join(", ", words) + " or null",
            value => value.IsNull
                ? (true, null)
                : words.FirstOrDefault(word => string.Equals(word, value.Text, StringComparison.OrdinalIgnoreCase)) is { } found ? (true, found) : (false, null),
            v => v ?? "null",
            at);

    /// <summary>A size written <c>HxW</c>.</summary>
    public static ConfigKey Size(string name, Lens<ImageSize> at) =>
        Of(name, "a size HxW such as 512x512", ParseSize, size => size.ToString(), at);

    /// <summary>A size written <c>HxW</c>, or null.</summary>
    public static ConfigKey OptionalSize(string name, Lens<ImageSize?> at) =>
        Of(name, "a size HxW such as 512x512, or null", value => Optional(value, ParseSize), v => Optional(v, size => size.ToString()), at);

    /// <summary>A box written <c>WxH</c>, or null.</summary>
    public static ConfigKey OptionalBox(string name, Lens<ImageSize?> at) =>
        Of(name, "a size WxH such as 2048x512, or null", value => Optional(value, v => Swap(ParseSize(v))), v => Optional(v, size => Swap((true, size)).Value.ToString()), at);

    private static (bool Ok, ImageSize Value) ParseSize(ConfigValue value) => (ImageSize.TryParse(value.Text, out ImageSize size), size);

    private static (bool Ok, ImageSize Value) Swap((bool Ok, ImageSize Value) parsed) => (parsed.Ok, new ImageSize(parsed.Value.Width, parsed.Value.Height));

    private static (bool Ok, int Value) ParseInteger(ConfigValue value, int min, int max) =>
        (int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max, number);

    private static (bool Ok, double Value) ParseNumber(string? text, Range range)
    {
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        bool ok = double.TryParse(text, Styles, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);
        return (ok && range.Holds(number), number);
    }

    private static (bool Ok, (double, double) Value) ParsePair(ConfigValue value, Range range)
    {
        if (value.Items is not { Count: 2 } items)
        {
            return (false, default);
        }

        (bool firstOk, double first) = ParseNumber(items[0], range);
        (bool secondOk, double second) = ParseNumber(items[1], range);
        return (firstOk && secondOk, (first, second));
    }

    private static (bool Ok, NumberList Value) ParseNumbers(ConfigValue value, Range range)
    {
        (bool Ok, double Value)[] numbers = [.. (value.Items ?? [value.Text]).Select(text => ParseNumber(text, range))];
        return (numbers.Length > 0 && numbers.All(number => number.Ok), new NumberList(numbers.Select(number => number.Value)));
    }

    private static (bool Ok, T? Value) Optional<T>(ConfigValue value, Func<ConfigValue, (bool Ok, T Value)> parse)
        where T : struct
    {
        if (value.IsNull)
        {
            return (true, null);
        }

        (bool ok, T parsed) = parse(value);
        return (ok, parsed);
    }

    private static string Optional<T>(T? value, Func<T, string> format)
        where T : struct => value is T present ? format(present) : "null";

    private static string FormatInteger(int value) => value.ToString(CultureInfo.InvariantCulture);

    // The shortest text that reads back to the same number.
    private static string FormatNumber(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');

    /// <summary>A value's place in the configuration.</summary>
    /// <param name="Get">The value there.</param>
    /// <param name="Set">The configuration with another value there.</param>
    internal sealed record Lens<T>(Func<RunConfig, T> Get, Func<RunConfig, T, RunConfig> Set);

    /// <summary>The numbers that a key takes.</summary>
    /// <param name="Words">The range in words, to follow "a number".</param>
    /// <param name="Holds">Whether a finite number lies in it.</param>
    internal sealed record Range(string Words, Func<double, bool> Holds)
    {
        public static Range Positive { get; } = new(" above 0", v => v > 0);

        public static Range NonNegative { get; } = new(" of at least 0", v => v >= 0);

        public static Range Share { get; } = new(" from 0 to 1", v => v is >= 0 and <= 1);

        public static Range PositiveShare { get; } = new(" above 0, at most 1", v => v is > 0 and <= 1);

        public static Range BelowOne { get; } = new(" from 0 up to but not 1", v => v is >= 0 and < 1);

        public static Range UpTo(double most) => new(FormattableString.Invariant($" from 0 to {most}"), v => v >= 0 && v <= most);
    }
}
