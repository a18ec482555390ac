using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>Options as the commands need them; a value that does not fit is told in one sentence with what was expected.</summary>
internal static class Opt
{
    /// <summary>A text, such as a path.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="value">What the value is called in help.</param>
    /// <param name="description">What it does.</param>
    /// <param name="required">Whether the command cannot do without.</param>
    public static Option<string?> Text(string name, string value, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = value,
        Required = required,
        CustomParser = result => Single(result, text => text),
    };

    /// <summary>Overrides <c>--set key=value</c> of a configuration.</summary>
    /// <param name="example">One of them, for the help.</param>
    public static Option<string[]> Overrides(string example = "data.root=DIR") => new("--set")
    {
        Description = $"Override a key of the configuration, such as {example}; may be given many times",
        HelpName = "KEY=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>A switch.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it does.</param>
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    /// <summary>A whole number in a range.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it does.</param>
    /// <param name="least">Smallest value.</param>
    /// <param name="most">Largest value.</param>
    /// <param name="value">What the value is called in help.</param>
    public static Option<int?> Whole(string name, string description, int least, int most, string value = "N") => new(name)
    {
        Description = description,
        HelpName = value,
        CustomParser = result => Single<int?>(
            result,
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
                ? number
                : null,
            most == int.MaxValue ? $"a whole number of at least {least}" : $"a whole number from {least} to {most}"),
    };

    /// <summary>One of a few words.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it does.</param>
    /// <param name="words">The words, in lower case.</param>
    public static Option<string?> Choice(string name, string description, params string[] words) => new(name)
    {
        Description = description,
        HelpName = string.Join('|', words),
        CustomParser = result => Single(
            result,
            text => Array.Find(words, word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase)),
            words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} or {words[^1]}"),
    };

    /// <summary>A picture's size.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it does.</param>
    public static Option<ImageSize?> Size(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "HxW",
        CustomParser = result => Single<ImageSize?>(
            result, text => ImageSize.TryParse(text, out ImageSize size) ? size : null, $"rows x columns such as 512x512, each from 1 to {ImageSize.MaxSide}"),
    };

    /// <summary>A box written with its width first, as the released configurations do.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it does.</param>
    public static Option<ImageSize?> Box(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "WxH",
        CustomParser = result => Single<ImageSize?>(
            result, text => ImageSize.TryParse(text, out ImageSize size) ? new ImageSize(size.Width, size.Height) : null, $"columns x rows such as 2048x512, each from 1 to {ImageSize.MaxSide}"),
    };

    /// <summary>A part of a picture: column and row of its upper left corner, width and height.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it does.</param>
    public static Option<PixelWindow?> Region(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "x,y,w,h",
        CustomParser = result => Single(result, ParseRegion, "four whole numbers x,y,w,h such as 300,180,120,80, the width and height at least 1"),
    };

    /// <summary>A share of the work.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it does.</param>
    public static Option<Shard?> Shard(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "i/n",
        CustomParser = result => Single<Shard?>(
            result, text => Core.Shard.TryParse(text, out Shard shard) ? shard : null, "a share i/n with i from 0 to n - 1, such as 0/8"),
    };

    /// <summary>Factors above 0, separated by commas.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it does.</param>
    public static Option<double[]?> Factors(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "F,F,…",
        CustomParser = result => Single(result, ParseFactors, "factors from 0.05 to 8 separated by commas, such as 0.5,0.75,1.0"),
    };

    private static double[]? ParseFactors(string text)
    {
        string[] parts = text.Split(',');
        var factors = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out factors[i]) || factors[i] is < 0.05 or > 8)
            {
                return null;
            }
        }

        return factors;
    }

    private static PixelWindow? ParseRegion(string text)
    {
        string[] parts = text.Split(',');
        var numbers = new int[parts.Length];
        return parts.Length == 4
            && parts.Select((part, i) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])).All(good => good)
            && numbers[2] > 0 && numbers[3] > 0
                ? new PixelWindow(numbers[0], numbers[1], numbers[2], numbers[3])
                : null;
    }

    private static T? Single<T>(ArgumentResult result, Func<string, T?> parse, string expected = "")
    {
        string text = result.Tokens[^1].Value;
        T? value = parse(text);
        if (value is null)
        {
            string name = result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
            result.AddError($"{name} is '{text}'; expected {expected}");
        }

        return value;
    }
}
