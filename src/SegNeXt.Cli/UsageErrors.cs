using System.CommandLine;
using System.CommandLine.Parsing;

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
        return Nearest(word, known) is { } near ? $"{what} (did you mean '{near}'?)" : what;
    }

    private static IEnumerable<string> OptionNames(Command command) => command.Options
        .Where(option => !option.Hidden)
        .SelectMany(option => option.Aliases.Append(option.Name))
        .Append("--help");

    /// <summary>The known word with the fewest edits from the given one, if that is few enough to be a slip.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="known">What there is.</param>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        int most = Math.Max(1, word.TrimStart('-').Length / 3);
        return known
            .Select(candidate => (Name: candidate, Edits: EditDistance(word, candidate)))
            .Where(pair => pair.Edits <= most)
            .OrderBy(pair => pair.Edits)
            .Select(pair => pair.Name)
            .FirstOrDefault();
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.</summary>
    private static int EditDistance(string a, string b)
    {
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }

                int replace = a[i - 1] == b[j - 1] ? 0 : 1;
                edits[i, j] = Math.Min(Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1, edits[i - 1, j - 1] + replace);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }

        return edits[a.Length, b.Length];
    }
}
