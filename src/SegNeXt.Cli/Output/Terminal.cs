using Spectre.Console;

namespace SegNeXt.Cli;

/// <summary>
/// Where a command talks: results to standard output, everything else (progress, notes, errors) to standard error.
/// </summary>
internal sealed class Terminal
{
    /// <summary>Columns of a table where there is no terminal to ask.</summary>
    private const int PlainWidth = 120;

    private readonly IAnsiConsole _outputConsole;
    private readonly IAnsiConsole _errorConsole;

    /// <summary>Creates a terminal over two writers.</summary>
    /// <param name="output">Takes results.</param>
    /// <param name="error">Takes progress, notes and errors.</param>
    /// <param name="outputIsTerminal">Whether results may be coloured.</param>
    /// <param name="errorIsTerminal">Whether progress may redraw lines.</param>
    /// <param name="cancellation">Signalled when the user interrupts.</param>
    public Terminal(TextWriter output, TextWriter error, bool outputIsTerminal, bool errorIsTerminal, CancellationToken cancellation)
    {
        Output = output;
        Error = error;
        ErrorIsTerminal = errorIsTerminal;
        Cancellation = cancellation;
        _outputConsole = CreateConsole(output, outputIsTerminal);
        _errorConsole = CreateConsole(error, errorIsTerminal);
    }

    /// <summary>Takes results.</summary>
    public TextWriter Output { get; }

    /// <summary>Takes progress, notes and errors.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether progress may redraw lines.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>Whether progress and notes are left out.</summary>
    public bool Quiet { get; set; }

    /// <summary>Signalled when the user interrupts.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Whether it was SIGTERM that interrupted: a service manager's way to say that the work is over.</summary>
    public bool IsTerminated { get; set; }

    /// <summary>Where the sentence goes with which the process fails, and whether it got there; null for standard error.</summary>
    public Func<string, bool>? OnFailure { get; set; }

    /// <summary>Standard error with its colours and live displays.</summary>
    public IAnsiConsole ErrorConsole => _errorConsole;

    /// <summary>The process's own console.</summary>
    /// <param name="cancellation">Signalled when the user interrupts.</param>
    public static Terminal ForConsole(CancellationToken cancellation) =>
        new(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected, cancellation);

    /// <summary>Says something that is neither result nor error; left out when quiet.</summary>
    /// <param name="message">One line.</param>
    public void Note(string message)
    {
        if (!Quiet)
        {
            WriteError(message);
        }
    }

    /// <summary>Names an input that failed or a doubt that the user should know; never left out.</summary>
    /// <param name="message">One sentence.</param>
    public void Warn(string message) => WriteError($"segnext: {message.ReplaceLineEndings(" ")}");

    /// <summary>Says the sentence with which the process fails.</summary>
    /// <param name="line">One line, complete.</param>
    public void Fail(string line)
    {
        if (OnFailure?.Invoke(line) != true)
        {
            Error.WriteLine(line);
        }
    }

    /// <summary>Shows a table or another piece of layout.</summary>
    /// <param name="content">What to show.</param>
    /// <param name="onError">On standard error, because standard output belongs to something else.</param>
    public void Show(Spectre.Console.Rendering.IRenderable content, bool onError = false) =>
        (onError ? _errorConsole : _outputConsole).Write(content);

    // The console keeps a live bar and a line apart, but breaks lines at its width: a log must stay one line a message.
    private void WriteError(string line)
    {
        if (ErrorIsTerminal)
        {
            _errorConsole.WriteLine(line);
        }
        else
        {
            Error.WriteLine(line);
        }
    }

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }
}
