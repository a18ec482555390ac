using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>The options that say what to evaluate on: <c>--data</c> or <c>--config</c> with <c>--set</c>, and <c>--split</c>.</summary>
internal sealed class SplitArguments
{
    private readonly Option<string?> _data = Opt.Text("--data", "DIR", "A folder with images/SPLIT, labels/SPLIT and an optional classes.txt");
    private readonly Option<string?> _config = Opt.Text("--config", "C", "Instead of --data: a configuration with its data set and test mode");
    private readonly Option<string[]> _set = Opt.Overrides();
    private readonly Option<string?> _split = Opt.Text("--split", "NAME", "The split; the configuration's, or val, unless said otherwise");

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_config);
        command.Add(_set);
        command.Add(_split);
    }

    /// <summary>What was asked for.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <exception cref="InputException">Neither or both are given, or the configuration or its folder is unusable.</exception>
    public LabelledSplit Read(ParseResult parse)
    {
        string? root = parse.GetValue(_data), file = parse.GetValue(_config), split = parse.GetValue(_split);
        if ((file is null) == (root is null))
        {
            throw new InputException("Give either --data DIR or --config C.");
        }

        string[] sets = parse.GetValue(_set) ?? [];
        if (file is null)
        {
            return sets.Length == 0 ? new LabelledSplit(root!, null, split) : throw new InputException("--set goes with --config.");
        }

        RunConfig config = RunConfig.Load(file, sets);
        ConfiguredData.Require(config);
        return new LabelledSplit(config.Data.Root, config, split);
    }
}
