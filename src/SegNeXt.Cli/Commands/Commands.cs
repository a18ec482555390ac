namespace SegNeXt.Cli;

/// <summary>The subcommands, in the order in which help lists them.</summary>
internal static class Commands
{
    /// <summary>Creates all subcommands.</summary>
    /// <param name="terminal">Where they talk.</param>
    public static IEnumerable<CliCommand> All(Terminal terminal) =>
    [
        new DemoCommand(terminal),
        new InfoCommand(terminal),
        new DoctorCommand(terminal),
        new BrowseCommand(terminal),
        new TrainCommand(terminal),
        new PretrainCommand(terminal),
        new LaunchCommand(terminal),
        new EvalCommand(terminal),
        new PredictCommand(terminal),
        new ServeCommand(terminal),
        new ImportCommand(terminal),
        new ExportCommand(terminal),
        new ScoreCommand(terminal),
        new ExplainCommand(terminal),
        new CompareCommand(terminal),
        new BenchCommand(terminal),
        new ReportCommand(terminal),
        new PrepareCommand(terminal),
        new CheckCommand(terminal),
    ];
}
