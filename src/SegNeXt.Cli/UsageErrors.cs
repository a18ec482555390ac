using System.CommandLine;
using System.CommandLine.Parsing;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>Says in one sentence what is wrong with a command line, and what was probably meant.</summary>
internal static class UsageErrors
{
    /// <summary>Describes the first error of a parse, with the nearest known word and where to read more.</summary>
    /// <param name="parse">A parse with at least one error.</param>
    public static string Describe(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        string help = command is RootCommand ? "segnext --help" : $"segnext {command.Name} --help";
        string? unknown = parse.UnmatchedTokens.Count > 0 ? parse.UnmatchedTokens[0] : null;
        string sentence = unknown is not null ? DescribeUnknown(command, unknown) : parse.Errors[0].Message.TrimEnd();
        return $"segnext: {sentence.TrimEnd('.', ';')}; see {help}.";
    }

    private static string DescribeUnknown(Command command, string word)
    {
        bool isOption = word.StartsWith('-');
        IEnumerable<string> known = isOption
            ? OptionNames(command)
            : command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => subcommand.Name);
        string kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        string place = command is RootCommand ? "" : $" of {command.Name}";
        string what = kind == "argument" ? $"{command.Name} takes no further argument '{word}'" : $"there is no {kind} '{word}'{place}";
        return NearestName.Find(word, known) is { } near ? $"{what} (did you mean '{near}'?)" : what;
    }

    private static IEnumerable<string> OptionNames(Command command) => command.Options
        .Where(option => !option.Hidden)
        .SelectMany(option => option.Aliases.Append(option.Name))
        .Append("--help");
}
