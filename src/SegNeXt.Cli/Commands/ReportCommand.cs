using System.CommandLine;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext report</c>: the page about a run, written again.</summary>
internal sealed class ReportCommand : CliCommand
{
    private readonly Argument<string> _run = new("RUN") { Description = "Folder of a run" };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public ReportCommand(Terminal terminal)
        : base("report", "Write a run's report.html again.", terminal) => Add(_run);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["runs/camvid-t"];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        Terminal.Output.WriteLine(Report.Write(parse.GetValue(_run)!));
        return ExitCode.Done;
    }
}
