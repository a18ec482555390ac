using System.CommandLine;
using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Torch;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext bench</c>: how long a network takes, or a training step, or how many samples a second the loader makes.</summary>
internal sealed class BenchCommand : CliCommand
{
    private readonly Option<bool> _train = Opt.Switch("--train", "Time a training step instead: forward, loss, backward, AdamW");
    private readonly Option<bool> _loader = Opt.Switch("--loader", "Time the loader instead: decoding, augmentation, batches");
    private readonly NetworkBench _networkBench = new();
    private readonly LoaderBench _loaderBench = new();
    private readonly Option<string?> _model = Opt.Choice("--model", "Size of the model; t unless said otherwise", [.. ModelConfig.PresetNames]);
    private readonly Option<int?> _classes = Opt.Whole("--classes", "Number of classes; 150 unless said otherwise, 11 with --train", 1, ClassSet.MaxClasses, "K");
    private readonly VariantArguments _variant = new();
    private readonly Option<ImageSize?> _size = Opt.Size("--size", "Size of the picture; 512x512 unless said otherwise, 360x480 with --train");
    private readonly Option<int?> _batch = Opt.Whole("--batch", "With --train or --loader: images a step; 2 unless said otherwise", 1, 4096);
    private readonly Option<int?> _steps = Opt.Whole("--steps", "With --train: steps that count; 10 unless said otherwise", 1, 100000);
    private readonly Option<string?> _layout = Opt.Choice("--layout", "With --train: memory layout of maps and weights; channels-last unless said otherwise", "channels-last", "contiguous");
    private readonly KernelArgument _kernels = new();
    private readonly EngineArguments _engine = new();
    private readonly JsonOutput _json = new();

    public BenchCommand(Terminal terminal)
        : base("bench", "Time a network, a training step, or the loader.", terminal)
    {
        _networkBench.AddTo(this);
        Add(_model);
        Add(_classes);
        _variant.AddTo(this);
        Add(_size);
        _engine.AddTo(this);
        Add(_train);
        Add(_loader);
        Add(_batch);
        Add(_steps);
        Add(_layout);
        Add(_kernels.Option);
        _loaderBench.AddTo(this);
        Add(_json.Option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--model t --classes 150 --size 512x512 --threads 2",
        "--weights best.safetensors --size 1024x2048 --engine torch --json",
        "--train --model t --batch 2 --size 360x480 --threads 2",
        "--loader --workers 2",
        "--loader --config configs/camvid-t.yaml --set data.root=data/camvid",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        (bool train, bool loader) = (parse.GetValue(_train), parse.GetValue(_loader));
        RefuseMixture(parse, train, loader);
        if (!train && !loader)
        {
            return _networkBench.Run(parse, parse.GetValue(_model), parse.GetValue(_classes), _variant, parse.GetValue(_size), _engine, _json, Terminal);
        }

        if (loader)
        {
            return _loaderBench.Run(parse, parse.GetValue(_batch), parse.GetValue(_size), _json, Terminal);
        }

        return TimeStep(parse);
    }

    /// <summary>Options that another benchmark has are refused, not passed over.</summary>
    private void RefuseMixture(ParseResult parse, bool train, bool loader)
    {
        if (train && loader)
        {
            throw new InputException("bench times a training step or the loader: give either --train or --loader.");
        }

        if (!loader && _loaderBench.IsGiven(parse))
        {
            throw new InputException("--data, --config, --set, --workers and --samples belong to bench --loader.");
        }

        if (!train && (parse.GetValue(_steps) is not null || parse.GetValue(_layout) is not null || parse.GetValue(_kernels.Option) is not null))
        {
            throw new InputException("--steps, --layout and --kernels belong to bench --train.");
        }

        if (!train && !loader && parse.GetValue(_batch) is not null)
        {
            throw new InputException("--batch belongs to bench --train and bench --loader.");
        }

        if (loader && _variant.Given(parse) is { } variant)
        {
            throw new InputException($"{variant} belongs to bench without --loader.");
        }

        if ((train || loader) && (_networkBench.IsGiven(parse) || _engine.IsGiven(parse)))
        {
            throw new InputException("--weights, --runs and --engine belong to bench without --train and --loader.");
        }
    }

    private int TimeStep(ParseResult parse)
    {
        Device device = TorchSetup.Open(_engine.Device(parse), _engine.Threads(parse));
        ImageSize size = parse.GetValue(_size) ?? new ImageSize(360, 480);
        ModelConfig model = _variant.Apply(parse, ModelConfig.Preset(parse.GetValue(_model) ?? "t", parse.GetValue(_classes) ?? 11));
        StepBenchmarkOptions options = new(
            model,
            parse.GetValue(_batch) ?? 2,
            size.Height,
            size.Width,
            parse.GetValue(_steps) ?? 10,
            ChannelsLast: parse.GetValue(_layout) != "contiguous",
            Kernels: _kernels.Read(parse) ?? new TrainSettings().Kernels,
            Precision: _engine.Precision(parse));
        CudaSettings.Apply(_engine.Tf32(parse));
        StepTimes times = StepBenchmark.Run(options, device);
        Timing step = times.Step;
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
                json.WriteString("precision", options.Precision.Name());
                if (times.DevicePeakBytes is { } bytes)
                {
                    json.WriteNumber("device_memory_mb", Math.Round(bytes / 1048576.0, 1));
                }

                json.WriteEndObject();
            },
            onError => (onError ? Terminal.Error : Terminal.Output).WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{ModelTitle.Of(model)}, batch {options.Batch}, {size.Height}x{size.Width}, libtorch {TorchRuntime.Version}, {device}, {options.Precision.Name()}, {TorchRuntime.Threads} threads: a step takes {step.MedianMs:0} ms (median; 95 % within {step.P95Ms:0} ms), {options.Batch / step.MedianMs * 1e3:0.00} images/s")));
        return ExitCode.Done;
    }
}
