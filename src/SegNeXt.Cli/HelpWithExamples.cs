using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SegNeXt.Cli;

/// <summary>The usual help, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        // A file or a pipe has no width of its own.
        usual.MaxWidth = Console.IsOutputRedirected ? 120 : Math.Max(60, Console.WindowWidth);
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is CliCommand { Examples.Count: > 0 } command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (string example in command.Examples)
            {
                output.WriteLine($"  segnext {command.Name} {example}".TrimEnd());
            }

            output.WriteLine();
        }
        else if (parseResult.CommandResult.Command is RootCommand)
        {
            parseResult.InvocationConfiguration.Output.WriteLine("segnext COMMAND --help shows a command's options with an example.");
        }

        return ExitCode.Done;
    }
}

/// <summary>Prints the program's name and version.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"segnext {CommandLine.Version}");
        return ExitCode.Done;
    }
}
