using System.CommandLine;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>
/// Which share of the work is this process's: <c>--shard i/n</c>, or the place that a launcher's variables give it.
/// </summary>
internal sealed class ShardArguments
{
    private readonly Option<Shard?> _shard = Opt.Shard("--shard", "Do one of n equal shares of the work, which count from 0: 0/8 to 7/8, for job arrays; under torchrun, srun, mpirun or launch each process does its share unasked");

    /// <summary>Adds the option to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command) => command.Add(_shard);

    /// <summary>Whether the share was named on the line.</summary>
    /// <param name="parse">The parsed line.</param>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_shard) is not null;

    /// <summary>The share, and the place among processes where that is the reason; ranks above 0 leave progress and notes to rank 0.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <param name="terminal">Becomes quiet above rank 0.</param>
    /// <returns>Null and null where this process does all.</returns>
    /// <exception cref="InputException">Both say something, or a launcher's variable is malformed.</exception>
    public (Shard? Shard, RankEnvironment? Place) Read(ParseResult parse, Terminal terminal)
    {
        RankEnvironment? place = RankEnvironment.Detect();
        if (parse.GetValue(_shard) is not { } asked)
        {
            terminal.Quiet |= place is { IsMain: false };
            if (RankEnvironment.Advice(Environment.GetEnvironmentVariable) is { } advice)
            {
                terminal.Note($"note: {advice}");
            }

            return place is null ? (null, null) : (new Shard(place.Rank, place.WorldSize), place);
        }

        return place is null
            ? (asked, null)
            : throw new InputException($"--shard {asked} contradicts {place.Source}, which started {place.WorldSize} processes that divide the work by themselves; leave --shard out, or start one process.");
    }
}
