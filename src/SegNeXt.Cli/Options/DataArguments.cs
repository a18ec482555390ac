using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>The options that say which data set, and how it would be trained on: <c>--data</c> or <c>--config</c>, <c>--set</c>.</summary>
internal sealed class DataArguments
{
    private readonly Option<string?> _data = Opt.Text("--data", "DIR", "A data set's folder; what training would do to it is that of train --data");
    private readonly Option<string?> _config = Opt.Text("--config", "C", "Instead of --data: a configuration with its data set");
    private readonly Option<string[]> _set = Opt.Overrides();

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_config);
        command.Add(_set);
    }

    /// <summary>Whether any of the options is given.</summary>
    /// <param name="parse">The parsed line.</param>
    public bool IsGiven(ParseResult parse) => IsRooted(parse) || Sets(parse).Count > 0;

    /// <summary>Whether a data set is named.</summary>
    /// <param name="parse">The parsed line.</param>
    public bool IsRooted(ParseResult parse) => parse.GetValue(_data) is not null || parse.GetValue(_config) is not null;

    /// <summary>The overrides <c>key=value</c>.</summary>
    /// <param name="parse">The parsed line.</param>
    public IReadOnlyList<string> Sets(ParseResult parse) => parse.GetValue(_set) ?? [];

    /// <summary>The configuration that a training would have.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <param name="more">Further overrides <c>key=value</c>, which win.</param>
    /// <exception cref="InputException">Neither or both are given, or the configuration is unusable.</exception>
    public RunConfig Read(ParseResult parse, params string[] more)
    {
        string? data = parse.GetValue(_data);
        string? config = parse.GetValue(_config);
        if ((config is null) == (data is null))
        {
            throw new InputException("Give either --data DIR or --config C.");
        }

        string[] sets = [.. parse.GetValue(_set) ?? [], .. more];
        return config is not null ? RunConfig.Load(config, sets) : RunConfig.FromOptions(data!, "t", sets);
    }
}
