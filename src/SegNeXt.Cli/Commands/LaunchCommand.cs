using System.CommandLine;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary><c>segnext launch</c>: several processes of this program on this machine that work together.</summary>
internal sealed class LaunchCommand : CliCommand
{
    /// <summary>The commands that share work among processes; those that go on by <c>--resume</c> first.</summary>
    private static readonly string[] s_shared = ["train", "pretrain", "eval", "predict"];

    private const int Resuming = 2;

    private readonly Option<int?> _count = Opt.Whole("--nproc", "How many processes: one per GPU, or on a CPU a few that share its cores", 1, 1024);

    private readonly Argument<string[]> _words = new("COMMAND …")
    {
        Description = "What each process does, after --: train, pretrain, eval or predict with its options",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public LaunchCommand(Terminal terminal)
        : base("launch", "Run train, pretrain, eval or predict in several processes on this machine.", terminal)
    {
        _count.Required = true;
        Add(_count);
        Add(_words);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--nproc 8 -- train configs/ade20k-t.yaml --set data.root=data/ade --device cuda",
        "--nproc 2 -- predict --weights best.safetensors --out masks photos",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        string[] words = parse.GetValue(_words)!;
        int command = Array.IndexOf(s_shared, words[0]);
        if (command < 0)
        {
            throw new InputException($"launch shares the work of {string.Join(", ", s_shared[..^1])} or {s_shared[^1]} among processes, not of '{words[0]}'; see segnext launch --help.");
        }

        if (RankEnvironment.Detect() is { } place)
        {
            throw new InputException($"This is one of {place.WorldSize} processes that {place.Source} has started already; leave launch --nproc out and call segnext {words[0]}.");
        }

        if (parse.GetValue(Quiet))
        {
            words = [.. words, Quiet.Name];
        }

        // A line that every process would refuse is refused once; help needs no more than one either.
        if (CommandLine.IsForOne(words, Terminal))
        {
            return CommandLine.Run(words, Terminal);
        }

        IReadOnlyList<RankEnd> ends = new RankGroup(Terminal).Run(ThisProgram(), words, parse.GetValue(_count)!.Value);
        RankVerdict verdict = RankVerdict.Of(ends, resumes: command < Resuming);
        if (verdict.Sentence is { } sentence)
        {
            Terminal.Fail(sentence);
        }

        return verdict.Code;
    }

    /// <summary>The program that is running: a file of its own, or the SDK's host with the program's library.</summary>
    private static string[] ThisProgram()
    {
        string host = Environment.ProcessPath ?? throw new InputException("The system does not tell the path of this program, which launch has to start again.");
        return Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? [host, Path.Combine(AppContext.BaseDirectory, "segnext.dll")]
            : [host];
    }
}
