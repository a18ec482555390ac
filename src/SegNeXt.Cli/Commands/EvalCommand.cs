using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext eval</c>: the figures of a model on a labelled split.</summary>
internal sealed class EvalCommand : CliCommand
{
    private readonly Option<string?> _weights = Opt.Text("--weights", "W", "A .safetensors or official .pth file", required: true);
    private readonly Option<string?> _data = Opt.Text("--data", "DIR", "A folder with images/SPLIT, labels/SPLIT and an optional classes.txt");
    private readonly Option<string?> _config = Opt.Text("--config", "C", "Instead of --data: a configuration with its data set and test mode");
    private readonly Option<string[]> _set = new("--set") { Description = "Override a key of the configuration, such as data.root=DIR; may be given many times", HelpName = "KEY=VALUE" };
    private readonly Option<string?> _split = Opt.Text("--split", "NAME", "The split; the configuration's, or val, unless said otherwise");
    private readonly Option<string?> _confusion = Opt.Text("--confusion", "FILE.png", "Where the picture of the confusion matrix goes; confusion.png in the current folder unless said otherwise");
    private readonly Option<string?> _report = Opt.Text("--report", "FILE.html", "Write a report too: classes, confusion, worst and best images, in one file");
    private readonly Option<ImageSize?> _size = Opt.Size("--size", "What a classifier's network gets of a picture; what its file says, or 224x224, unless said otherwise");
    private readonly Option<double?> _cropRatio = new("--crop-ratio") { Description = "For a classifier: share of the resized picture's shorter side that it sees; what its file says, or 0.875, unless said otherwise", HelpName = "RATIO" };
    private readonly TestArguments _test = new();
    private readonly EngineArguments _engine = new();
    private readonly JsonOutput _json = new();

    public EvalCommand(Terminal terminal)
        : base("eval", "Evaluate weights on a labelled data set.", terminal)
    {
        Add(_weights);
        Add(_data);
        Add(_config);
        Add(_set);
        Add(_split);
        _test.AddTo(this);
        Add(_size);
        Add(_cropRatio);
        Add(_confusion);
        Add(_report);
        _engine.AddTo(this);
        Add(_json.Option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--weights runs/camvid-t/best.safetensors --data data/camvid",
        "--weights runs/imagenette-t/best.safetensors --config configs/imagenette-t-5ep.yaml --set data.root=data/imagenette",
        "--weights segnext_t_cityscapes.pth --data cityscapes --mode slide --crop 1024x1024 --stride 768x768 --json result.json",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        _json.Check(parse);
        _engine.Check(parse);
        string? root = parse.GetValue(_data);
        if ((parse.GetValue(_config) is null) == (root is null))
        {
            throw new InputException("Give either --data DIR or --config C.");
        }

        string[] sets = parse.GetValue(_set) ?? [];
        if (root is not null && sets.Length > 0)
        {
            throw new InputException("--set goes with --config.");
        }

        RunConfig? config = parse.GetValue(_config) is { } path ? RunConfig.Load(path, sets) : null;
        if (config is not null)
        {
            ConfiguredData.Require(config);
        }

        if (ClassifierEval.Holds(parse.GetValue(_weights)!))
        {
            return Classify(parse, root, config);
        }

        if (parse.GetValue(_size) is not null || parse.GetValue(_cropRatio) is not null)
        {
            throw new InputException($"--size and --crop-ratio are for classifiers; {parse.GetValue(_weights)} holds a segmentation model.");
        }

        TestOptions test = _test.Read(parse, _engine.Threads(parse), config?.ToTestOptions());
        ISegmentationDataSet data = config is null
            ? DataSets.Open(root!, parse.GetValue(_split) ?? "val")
            : DataSets.Open(config.Data.Type.ToString(), config.Data.Root, parse.GetValue(_split) ?? config.EvalSplit);
        using ISegmenter segmenter = _engine.Open(parse, parse.GetValue(_weights)!, Terminal);
        ClassSet classes = Fit(segmenter.Config, data.Classes, parse.GetValue(_weights)!, root ?? config!.Data.Root);
        EvaluationSamples? samples = parse.GetValue(_report) is null ? null : new EvaluationSamples(data);
        EvaluationResult result = Evaluate(segmenter, data, test, samples);
        if (result.Images == 0)
        {
            throw new InputException("No picture could be evaluated.");
        }

        // The figures first: a picture that cannot be written must not cost them.
        _json.Present(
            parse,
            Terminal,
            json => MetricsJson.Write(json, result.Metrics, classes.Names, result.Images, result.Seconds),
            onError => Terminal.Show(MetricsTable.Create(result.Metrics, classes.Names, result.Images, result.Seconds), onError));
        string picture = parse.GetValue(_confusion) ?? "confusion.png";
        PngWriter.WriteRgb(picture, ConfusionPicture.Draw(result.Confusion.NormalizeRows(), classes.Names));
        Terminal.Note($"confusion matrix {picture}");
        if (samples is not null)
        {
            string report = parse.GetValue(_report)!;
            string title = $"{Path.GetFileNameWithoutExtension(parse.GetValue(_weights))} on {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root ?? config!.Data.Root)))}";
            Report.WriteEvaluation(report, title, result, classes, samples, TrainRunner.Describe(_engine.Device(parse), _engine.Version(parse)));
            Terminal.Note($"report {report}");
        }

        if (result.Images < data.Count)
        {
            Terminal.Warn($"{data.Count - result.Images} of {data.Count} pictures could not be evaluated and are not in the figures.");
            return ExitCode.SomeFailed;
        }

        return ExitCode.Done;
    }

    /// <summary>Top-1 and top-5 of a classifier on folders of classes.</summary>
    private int Classify(ParseResult parse, string? root, RunConfig? config)
    {
        if (parse.GetValue(_cropRatio) is { } ratio && !(ratio is > 0 and <= 1))
        {
            throw new InputException($"--crop-ratio must be above 0 and at most 1, not {ratio}.");
        }

        ClassifierEval eval = new(
            parse.GetValue(_weights)!, root, config, parse.GetValue(_split), parse.GetValue(_size), parse.GetValue(_cropRatio), _test.Flips(parse), _engine.Device(parse), _engine.Threads(parse));
        (ClassificationResult result, int pictures) = eval.Run(Terminal);
        _json.Present(
            parse,
            Terminal,
            json =>
            {
                json.WriteStartObject();
                ClassificationJson.WriteFields(json, result);
                json.WriteEndObject();
            },
            onError => Terminal.Show(ClassificationTable.Create(result), onError));
        if (result.Images < pictures)
        {
            Terminal.Warn($"{pictures - result.Images} of {pictures} pictures could not be evaluated and are not in the figures.");
            return ExitCode.SomeFailed;
        }

        return ExitCode.Done;
    }

    /// <summary>Evaluates; a picture that cannot be is named, and the others go on.</summary>
    private EvaluationResult Evaluate(ISegmenter segmenter, ISegmentationDataSet data, TestOptions test, EvaluationSamples? samples)
    {
        EvaluationResult? result = null;
        WorkProgress.Run(Terminal, "Evaluating", data.Count, progress =>
            result = Evaluator.Run(
                new TestTimeSegmenter(segmenter, test),
                data,
                (index, sample, prediction) =>
                {
                    samples?.Take(index, sample, prediction);
                    progress.Advance();
                },
                Terminal.Cancellation,
                (_, fault) =>
                {
                    Terminal.Warn(fault.Message);
                    progress.Advance();
                }));
        return result!;
    }

    /// <summary>The names to print: the data set's, which must be as many as the model's and should be the same.</summary>
    private ClassSet Fit(ModelConfig model, ClassSet data, string weights, string root)
    {
        if (model.NumClasses != data.Count)
        {
            throw new InputException($"{weights} tells {model.NumClasses} classes apart, but {root} has {data.Count} ({string.Join(", ", data.Names.Take(5))}{(data.Count > 5 ? ", …" : "")}).");
        }

        if (model.ClassNames is { } names && !names.SequenceEqual(data.Names, StringComparer.OrdinalIgnoreCase))
        {
            int first = Enumerable.Range(0, data.Count).First(i => !string.Equals(names[i], data.Names[i], StringComparison.OrdinalIgnoreCase));
            Terminal.Warn($"{weights} calls class {first} '{names[first]}', {root} calls it '{data.Names[first]}'; ids are compared, whatever their names.");
        }

        return data;
    }
}
