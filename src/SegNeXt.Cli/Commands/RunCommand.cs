using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>A command that trains: a run from a configuration file, or the short form on a folder.</summary>
internal abstract class RunCommand : CliCommand
{
    private readonly Argument<string?> _config = new("CONFIG.yaml")
    {
        Description = "Configuration of the run; see configs/",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _data;
    private readonly Option<string?> _model = Opt.Choice("--model", "Size of the model with --data; t unless said otherwise", [.. ModelConfig.PresetNames]);
    private readonly Option<string[]> _set = Opt.Overrides("train.lr=1e-4");

    private readonly Option<string?> _out = Opt.Text("--out", "RUN", "Folder of the run; in runs/, named as the configuration or the data folder, unless said otherwise");
    private readonly Option<bool> _resume = Opt.Switch("--resume", "Go on from the last checkpoint in RUN");
    private readonly Option<string?> _init;
    private readonly Option<string?> _device = Opt.Text("--device", "cpu|cuda[:N]", "Where to train; cpu unless said otherwise");
    private readonly PrecisionArguments _precision = new();
    private readonly Option<int?> _threads = Opt.Whole("--threads", "CPU threads; one per core unless said otherwise", 1, 1024);
    private readonly KernelArgument _kernels = new();
    private readonly Option<int?> _seed = Opt.Whole("--seed", "Seed of all randomness; 0 unless said otherwise", 0, int.MaxValue);

    /// <summary>Creates the command.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="description">What it does.</param>
    /// <param name="folder">What <c>--data</c> takes, to follow "a folder with".</param>
    /// <param name="weights">What <c>--init</c> takes.</param>
    /// <param name="terminal">Where it talks.</param>
    protected RunCommand(string name, string description, string folder, string weights, Terminal terminal)
        : base(name, description, terminal)
    {
        _data = Opt.Text("--data", "DIR", $"Instead of a configuration: a folder with {folder}");
        _init = Opt.Text("--init", "W", $"Weights to start from: {weights}");
        Add(_config);
        Add(_data);
        Add(_model);
        Add(_set);
        Add(_out);
        Add(_resume);
        Add(_init);
        Add(_device);
        _precision.AddTo(this);
        Add(_threads);
        Add(_kernels.Option);
        Add(_seed);
    }

    /// <summary>The configuration of the short form.</summary>
    /// <param name="data">The data set's folder.</param>
    /// <param name="model">t, s, b or l.</param>
    /// <param name="sets">Overrides <c>key=value</c>.</param>
    protected abstract RunConfig FromOptions(string data, string model, IEnumerable<string> sets);

    /// <summary>Refuses a configuration that is not this command's.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="source">What to name.</param>
    /// <exception cref="InputException">It is another command's; the message says which.</exception>
    protected abstract void Require(RunConfig config, string source);

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        string? config = parse.GetValue(_config);
        string? data = parse.GetValue(_data);
        bool resume = parse.GetValue(_resume);
        string? folder = parse.GetValue(_out);
        if (config is not null && data is not null)
        {
            throw new InputException("Give a configuration or --data, not both.");
        }

        if (parse.GetValue(_model) is not null && data is null)
        {
            throw new InputException("--model goes with --data; a configuration says model.size.");
        }

        if (config is null && data is null && !(resume && folder is not null))
        {
            throw new InputException("Nothing to train: give a configuration, or --data DIR, or --out RUN --resume.");
        }

        RunFolder run = new(folder ?? Path.Combine("runs", DefaultName(config, data!)));
        string[] sets = Sets(parse);
        RunConfig resolved = config is not null ? RunConfig.Load(config, sets)
            : data is not null ? FromOptions(data, parse.GetValue(_model) ?? "t", sets)
            : RunConfig.Load(RequireConfig(run), sets);
        Require(resolved, config ?? run.Config);
        if (data is null)
        {
            ConfiguredData.Require(resolved);
        }

        if (RankEnvironment.Advice(Environment.GetEnvironmentVariable) is { } advice)
        {
            Terminal.Note($"note: {advice}");
        }

        if (TrainRunner.Run(resolved, run, parse.GetValue(_device) ?? "cpu", resume, Terminal, RankEnvironment.Detect()) is { } summary)
        {
            TrainRunner.Show(summary, run, resolved, Terminal);
        }

        return ExitCode.Done;
    }

    private static string DefaultName(string? config, string data) =>
        config is not null ? Path.GetFileNameWithoutExtension(config) : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));

    private static string RequireConfig(RunFolder run) => File.Exists(run.Config)
        ? run.Config
        : throw new InputException($"{run.Path}: there is no run to resume here; its config.yaml is missing.");

    private string[] Sets(ParseResult parse)
    {
        List<string> sets = [.. parse.GetValue(_set) ?? []];
        if (parse.GetValue(_init) is { } weights)
        {
            sets.Add($"model.init={weights}");
        }

        if (parse.GetValue(_threads) is { } threads)
        {
            sets.Add($"threads={threads}");
        }

        if (parse.GetValue(_seed) is { } seed)
        {
            sets.Add($"seed={seed}");
        }

        sets.AddRange(_precision.Sets(parse));
        if (parse.GetValue(_kernels.Option) is { } kernels)
        {
            sets.Add($"train.kernels={kernels}");
        }

        return [.. sets];
    }
}
