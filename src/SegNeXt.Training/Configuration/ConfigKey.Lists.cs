using SegNeXt.Core;

namespace SegNeXt.Training;

/// <content>Lists of whole numbers.</content>
internal sealed partial record ConfigKey
{
    /// <summary>An ascending list of one whole number or more, or null.</summary>
    public static ConfigKey OptionalIntegers(string name, string example, int min, int max, Lens<NumberList?> at) => Of(
        name,
        $"an ascending list of whole numbers from {min} to {max}, such as {example}, or null",
        value => value.IsNull ? (true, null) : Nullable(ParseIntegers(value, number => number >= min && number <= max)),
        v => v is null ? "null" : FormatNumbers(v),
        at);

    /// <summary>Reads an ascending list of one whole number or more.</summary>
    /// <param name="value">The list, or one number without brackets.</param>
    /// <param name="holds">Which numbers may be in it.</param>
    public static (bool Ok, NumberList Value) ParseIntegers(ConfigValue value, Func<int, bool> holds)
    {
        (bool Ok, int Value)[] numbers = [.. (value.Items ?? [value.Text]).Select(text => ParseInteger(ConfigValue.Scalar(text), 0, int.MaxValue))];
        bool ascending = numbers.Zip(numbers.Skip(1)).All(pair => pair.First.Value < pair.Second.Value);
        return (numbers.Length > 0 && ascending && numbers.All(number => number.Ok && holds(number.Value)), new NumberList(numbers.Select(number => (double)number.Value)));
    }

    /// <summary>A list as YAML has it.</summary>
    public static string FormatNumbers(NumberList numbers) => $"[{string.Join(", ", numbers.Select(FormatNumber))}]";

    private static (bool Ok, NumberList? Value) Nullable((bool Ok, NumberList Value) parsed) => parsed;
}
