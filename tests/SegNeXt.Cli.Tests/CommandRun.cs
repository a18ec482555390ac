using System.Text.Json;

namespace SegNeXt.Cli.Tests;

/// <summary>One run of the program inside the test's process.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CommandRun(int Code, string Output, string Error)
{
    /// <summary>Standard output as JSON; fails where anything else is in it.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The words after <c>segnext</c>.</param>
    public static CommandRun Of(params string[] args) => Of(CancellationToken.None, args);

    /// <summary>Runs a command line that may be interrupted.</summary>
    /// <param name="cancellation">Signalled as by Ctrl-C.</param>
    /// <param name="args">The words after <c>segnext</c>.</param>
    public static CommandRun Of(CancellationToken cancellation, params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(args, new Terminal(output, error, false, false, cancellation));
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Asserts that the run was refused in one sentence that holds the given words, with nothing on standard output.</summary>
    /// <param name="words">What the sentence must hold.</param>
    public void ShouldBeRefused(params string[] words)
    {
        Assert.Equal(ExitCode.Unusable, Code);
        Assert.Empty(Output);
        Assert.StartsWith("segnext: ", Error, StringComparison.Ordinal);
        Assert.Single(Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", Error, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, Error, StringComparison.Ordinal));
    }
}
