using System.CommandLine;
using System.CommandLine.Parsing;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

public class ReadmeTests
{
    private const string Prompt = "./segnext ";
    private static readonly Terminal s_terminal = new(TextWriter.Null, TextWriter.Null, false, false, CancellationToken.None);

    [Fact]
    public void Readme_EveryCommandLine_IsValid()
    {
        string[] lines = [.. Lines().Where(line => line.StartsWith(Prompt, StringComparison.Ordinal)).Select(line => line[Prompt.Length..].Split('#')[0])];
        Assert.NotEmpty(lines);
        foreach (string line in lines)
        {
            string[] words = [.. CommandLineParser.SplitCommandLine(line)];
            CliCommand command = Assert.Single(Commands.All(s_terminal), command => command.Name == words[0]);
            Assert.Empty(command.Parse(words[1..]).Errors);
        }
    }

    [Fact]
    public void Readme_CommandTable_ListsWhatThereIs()
    {
        string[] listed = [.. Lines().SkipWhile(line => line != "## Commands").Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];
        Assert.Equal(Commands.All(s_terminal).Select(command => command.Name).Order(), listed.Order());
    }

    private static string[] Lines() => File.ReadAllLines(Path.Combine(TestPaths.Repository, "README.md"));
}
