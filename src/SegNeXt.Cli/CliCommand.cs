using System.CommandLine;

namespace SegNeXt.Cli;

/// <summary>One subcommand: its options, an example or two, and what it does.</summary>
internal abstract class CliCommand : Command
{
    /// <summary>Creates the command; the derived constructor adds options and arguments.</summary>
    /// <param name="name">The word on the command line.</param>
    /// <param name="description">What it does, in a sentence.</param>
    /// <param name="terminal">Where results, progress and errors go.</param>
    protected CliCommand(string name, string description, Terminal terminal)
        : base(name, description)
    {
        Terminal = terminal;
        SetAction(parse =>
        {
            terminal.Quiet = parse.GetValue(Quiet);
            return Execute(parse);
        });
    }

    /// <summary>What follows the command's name in the examples of its help.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Where results, progress and errors go.</summary>
    protected Terminal Terminal { get; }

    /// <summary>The option <c>--quiet</c>.</summary>
    protected Option<bool> Quiet { get; } = Opt.Switch("--quiet", "No progress and no notes on standard error");

    /// <summary>Adds the options that every command has, after its own, so that help lists them last.</summary>
    public void AddCommonOptions() => Add(Quiet);

    /// <summary>Does the work.</summary>
    /// <param name="parse">The parsed line, free of errors.</param>
    /// <returns>The exit code.</returns>
    protected abstract int Execute(ParseResult parse);
}
