using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Reflection;
using System.Runtime.InteropServices;
using SegNeXt.Core;
using SegNeXt.Torch;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>The root command, and what holds for every command: errors in one sentence, exit codes, interruption.</summary>
internal static class CommandLine
{
    private const string TraceVariable = "SEGNEXT_TRACE";

    /// <summary>The version that <c>--version</c> prints.</summary>
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Runs the process's command line on the console; Ctrl-C asks the command to stop, a second one ends at once.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        // Never disposed: a lifeline may end when the command has.
        CancellationTokenSource source = new();
        Terminal terminal = Terminal.ForConsole(source.Token);
        void Ask(bool isTermination)
        {
            terminal.IsTerminated = isTermination;
            source.Cancel();
        }

        Lifeline? lifeline = Lifeline.Take(Ask);
        terminal.OnFailure = lifeline is null ? null : lifeline.TryFail;
        void Stop(PosixSignalContext context)
        {
            // Not cancelled the second time: the system's default then ends the process. A rank of launch gets Ctrl-C from the
            // terminal and from launch, which alone knows how often it was pressed.
            context.Cancel = lifeline is not null || !source.IsCancellationRequested;
            Ask(context.Signal == PosixSignal.SIGTERM);
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return Run(args, terminal);
    }

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="terminal">Where results, progress and errors go.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, Terminal terminal)
    {
        try
        {
            ParseResult parse = Parse(args, terminal);
            if (parse.Errors.Count > 0 && !parse.Tokens.Any(IsHelp))
            {
                terminal.Fail(UsageErrors.Describe(parse));
                return ExitCode.Unusable;
            }

            return parse.Invoke(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception exception)
        {
            return Report(exception, terminal);
        }
    }

    /// <summary>Whether a line is wrong or asks for help, so that one process says all there is to say.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="terminal">Where its commands would talk.</param>
    public static bool IsForOne(IReadOnlyList<string> args, Terminal terminal)
    {
        ParseResult parse = Parse(args, terminal);
        return parse.Errors.Count > 0 || parse.Tokens.Any(IsHelp);
    }

    // Posix bundling would read a mistyped -oX as -o and -X; response files are not part of the contract.
    private static ParseResult Parse(IReadOnlyList<string> args, Terminal terminal) =>
        CreateRoot(terminal).Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

    private static bool IsHelp(Token token) => token is { Type: TokenType.Option, Value: "--help" or "-h" or "-?" };

    private static RootCommand CreateRoot(Terminal terminal)
    {
        RootCommand root = new("SegNeXt: train it, evaluate it, ship it.");
        foreach (CliCommand command in Commands.All(terminal))
        {
            command.AddCommonOptions();
            root.Add(command);
        }

        foreach (Option option in root.Options)
        {
            switch (option)
            {
                case HelpOption help:
                    help.Action = new HelpWithExamples((HelpAction)help.Action!);
                    break;
                case VersionOption version:
                    version.Action = new VersionAction();
                    break;
                default:
                    break;
            }
        }

        root.SetAction(parse =>
        {
            // No command: what there is belongs to standard error, since nothing was asked for.
            terminal.Error.WriteLine("segnext: no command given; see segnext --help.");
            return ExitCode.Unusable;
        });
        return root;
    }

    private static int Report(Exception exception, Terminal terminal)
    {
        while (exception is AggregateException { InnerExceptions.Count: 1 } or TargetInvocationException { InnerException: not null })
        {
            exception = exception.InnerException!;
        }

        if (exception is RankLostException { IsTold: true })
        {
            // One of the processes that train together says it.
            return ExitCode.Unusable;
        }

        string? message = exception switch
        {
            OperationCanceledException => "interrupted.",
            InputException => exception.Message,
            // Their messages are sentences that name the path: no space left, no permission, a folder that is a file.
            IOException or UnauthorizedAccessException => OneLine(exception.Message),
            TorchException { IsOutOfMemory: true, IsOfGpu: true } =>
                "the GPU has not enough memory for this; try --precision bf16, train.activation_checkpointing=blocks, a smaller train.batch with a larger train.accumulate, or a smaller train.crop or --size.",
            OutOfMemoryException or TorchException { IsOutOfMemory: true } =>
                "there is not enough memory for this; try fewer or smaller pictures at a time (train.batch, train.crop, --batch, --size, --mode slide).",
            TorchException => $"libtorch: {OneLine(exception.Message)}",
            _ => null,
        };

        terminal.Fail(message is not null
            ? $"segnext: {message.TrimEnd()}"
            : $"segnext: internal error: {OneLine(exception.Message)} (set {TraceVariable}=1 for the stack trace)");
        if (Environment.GetEnvironmentVariable(TraceVariable) is "1")
        {
            terminal.Error.WriteLine(exception);
        }

        return exception is OperationCanceledException ? ExitCode.Interrupted : ExitCode.Unusable;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
