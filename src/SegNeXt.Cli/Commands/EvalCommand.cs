using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext eval</c>: the figures of a model on a labelled split.</summary>
internal sealed class EvalCommand : CliCommand
{
    private readonly Option<string?> _weights = Opt.Text("--weights", "W", "A .safetensors or official .pth file", required: true);
    private readonly SplitArguments _split = new();
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
        _split.AddTo(this);
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
        LabelledSplit split = _split.Read(parse);
        string weights = parse.GetValue(_weights)!;
        if (ClassifierEval.Holds(weights))
        {
            return Classify(parse, weights, split);
        }

        if (parse.GetValue(_size) is not null || parse.GetValue(_cropRatio) is not null)
        {
            throw new InputException($"--size and --crop-ratio are for classifiers; {weights} holds a segmentation model.");
        }

        TestOptions test = _test.Read(parse, _engine.Threads(parse), split.Config?.ToTestOptions());
        ISegmentationDataSet data = split.Open();
        using ISegmenter segmenter = _engine.Open(parse, weights, Terminal);
        ClassSet classes = data.Classes;
        split.RequireFit(segmenter.Config, weights, classes, Terminal);
        EvaluationSamples? samples = parse.GetValue(_report) is null ? null : new EvaluationSamples(data);
        EvaluationResult result = LabelledSplit.Evaluate("Evaluating", segmenter, data, test, samples is null ? null : samples.Take, Terminal);
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
            string title = $"{Path.GetFileNameWithoutExtension(weights)} on {split.Title}";
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
    private int Classify(ParseResult parse, string weights, LabelledSplit split)
    {
        if (parse.GetValue(_cropRatio) is { } ratio && !(ratio is > 0 and <= 1))
        {
            throw new InputException($"--crop-ratio must be above 0 and at most 1, not {ratio}.");
        }

        ClassifierEval eval = new(
            weights, split, parse.GetValue(_size), parse.GetValue(_cropRatio), _test.Flips(parse), _engine.Device(parse), _engine.Threads(parse));
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
}
