using System.CommandLine;
using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Torch;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext bench</c>: how long a training step takes, or how many samples a second the loader makes.</summary>
internal sealed class BenchCommand : CliCommand
{
    private readonly Option<bool> _train = Opt.Switch("--train", "Time a training step: forward, loss, backward, AdamW");
    private readonly Option<bool> _loader = Opt.Switch("--loader", "Time the loader instead: decoding, augmentation, batches");
    private readonly LoaderBench _loaderBench = new();
    private readonly Option<string?> _model = Opt.Choice("--model", "Size of the model; t unless said otherwise", [.. ModelConfig.PresetNames]);
    private readonly Option<int?> _classes = Opt.Whole("--classes", "Number of classes; 11 unless said otherwise", 1, ClassSet.MaxClasses, "K");
    private readonly Option<ImageSize?> _size = Opt.Size("--size", "Size of the crop; 360x480 unless said otherwise");
    private readonly Option<int?> _batch = Opt.Whole("--batch", "Images a step; 2 unless said otherwise", 1, 4096);
    private readonly Option<int?> _steps = Opt.Whole("--steps", "Steps that count; 10 unless said otherwise", 1, 100000);
    private readonly Option<string?> _layout = Opt.Choice("--layout", "Memory layout of maps and weights; channels-last unless said otherwise", "channels-last", "contiguous");
    private readonly Option<string?> _device = Opt.Text("--device", "cpu|cuda[:N]", "Where; cpu unless said otherwise");
    private readonly Option<int?> _threads = Opt.Whole("--threads", "CPU threads; one per core unless said otherwise", 1, 1024);
    private readonly JsonOutput _json = new();

    public BenchCommand(Terminal terminal)
        : base("bench", "Time a training step, or the loader.", terminal)
    {
        Add(_train);
        Add(_loader);
        Add(_model);
        Add(_classes);
        Add(_size);
        Add(_batch);
        Add(_steps);
        Add(_layout);
        Add(_device);
        Add(_threads);
        _loaderBench.AddTo(this);
        Add(_json.Option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--train --model t --batch 2 --size 360x480 --threads 2",
        "--loader --workers 2",
        "--loader --config configs/camvid-t.yaml --set data.root=data/camvid",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        if (parse.GetValue(_train) == parse.GetValue(_loader))
        {
            throw new InputException("bench times a training step or the loader: give either --train or --loader.");
        }

        if (parse.GetValue(_loader))
        {
            return _loaderBench.Run(parse, parse.GetValue(_batch), parse.GetValue(_size), _json, Terminal);
        }

        if (_loaderBench.IsGiven(parse))
        {
            throw new InputException("--data, --config, --set, --workers and --samples belong to bench --loader.");
        }

        Device device = TorchSetup.Open(parse.GetValue(_device) ?? "cpu", parse.GetValue(_threads));
        ImageSize size = parse.GetValue(_size) ?? new ImageSize(360, 480);
        ModelConfig model = ModelConfig.Preset(parse.GetValue(_model) ?? "t", parse.GetValue(_classes) ?? 11);
        StepBenchmarkOptions options = new(
            model,
            parse.GetValue(_batch) ?? 2,
            size.Height,
            size.Width,
            parse.GetValue(_steps) ?? 10,
            ChannelsLast: parse.GetValue(_layout) != "contiguous");
        Timing step = StepBenchmark.Run(options, device);
        _json.Present(
            parse,
            Terminal,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartObject("step");
                json.WriteNumber("median_ms", step.MedianMs);
                json.WriteNumber("p95_ms", step.P95Ms);
                json.WriteEndObject();
                json.WriteNumber("images_per_second", options.Batch / step.MedianMs * 1e3);
                json.WriteEndObject();
            },
            onError => (onError ? Terminal.Error : Terminal.Output).WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"SegNeXt-{model.Name.ToUpperInvariant()}, batch {options.Batch}, {size.Height}x{size.Width}, libtorch {TorchRuntime.Version}, {TorchRuntime.Threads} threads: a step takes {step.MedianMs:0} ms (median; 95 % within {step.P95Ms:0} ms), {options.Batch / step.MedianMs * 1e3:0.00} images/s")));
        return ExitCode.Done;
    }
}
