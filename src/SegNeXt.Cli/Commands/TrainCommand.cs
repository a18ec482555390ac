using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext train</c>: a run from a configuration file, or the short form on a labelled folder.</summary>
internal sealed class TrainCommand : CliCommand
{
    private readonly Argument<string?> _config = new("CONFIG.yaml")
    {
        Description = "Configuration of the run; see configs/",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _data = Opt.Text("--data", "DIR", "Instead of a configuration: a folder with images/{train,val}, labels/{train,val} and an optional classes.txt");
    private readonly Option<string?> _model = Opt.Choice("--model", "Size of the model with --data; t unless said otherwise", [.. ModelConfig.PresetNames]);
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Override a key of the configuration, such as train.lr=1e-4; may be given many times",
        HelpName = "KEY=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _out = Opt.Text("--out", "RUN", "Folder of the run; in runs/, named as the configuration or the data folder, unless said otherwise");
    private readonly Option<bool> _resume = Opt.Switch("--resume", "Go on from the last checkpoint in RUN");
    private readonly Option<string?> _init = Opt.Text("--init", "W", "Weights to start from: a segmentation model, or an ImageNet classifier");
    private readonly Option<string?> _device = Opt.Text("--device", "cpu|cuda[:N]", "Where to train; cpu unless said otherwise");
    private readonly Option<int?> _threads = Opt.Whole("--threads", "CPU threads; one per core unless said otherwise", 1, 1024);
    private readonly KernelArgument _kernels = new();
    private readonly Option<int?> _seed = Opt.Whole("--seed", "Seed of all randomness; 0 unless said otherwise", 0, int.MaxValue);

    public TrainCommand(Terminal terminal)
        : base("train", "Train a segmentation model.", terminal)
    {
        Add(_config);
        Add(_data);
        Add(_model);
        Add(_set);
        Add(_out);
        Add(_resume);
        Add(_init);
        Add(_device);
        Add(_threads);
        Add(_kernels.Option);
        Add(_seed);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "configs/camvid-t.yaml --set data.root=data/camvid --out runs/camvid-t",
        "--data my-pictures --model t --set train.iterations=2000",
        "--out runs/camvid-t --resume",
    ];

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
            : data is not null ? RunConfig.FromOptions(data, parse.GetValue(_model) ?? "t", sets)
            : RunConfig.Load(RequireConfig(run), sets);
        if (data is null)
        {
            ConfiguredData.Require(resolved);
        }

        TrainingSummary summary = TrainRunner.Run(resolved, run, parse.GetValue(_device) ?? "cpu", resume, Terminal);
        TrainRunner.Show(summary, run, resolved, Terminal);
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

        if (parse.GetValue(_kernels.Option) is { } kernels)
        {
            sets.Add($"train.kernels={kernels}");
        }

        return [.. sets];
    }
}
