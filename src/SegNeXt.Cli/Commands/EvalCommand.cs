using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext eval</c>: the figures of a model on a labelled split.</summary>
internal sealed class EvalCommand : CliCommand
{
    private readonly Option<string?> _weights = Opt.Text("--weights", "W", "A .safetensors or official .pth file; required, unless parts are merged");
    private readonly SplitArguments _split = new();
    private readonly Option<string?> _confusion = Opt.Text("--confusion", "FILE.png", "Where the picture of the confusion matrix goes; confusion.png in the current folder unless said otherwise");
    private readonly Option<string?> _report = Opt.Text("--report", "FILE.html", "Write a report too: classes, confusion, worst and best images, in one file");
    private readonly Option<ImageSize?> _size = Opt.Size("--size", "What a classifier's network gets of a picture; what its file says, or 224x224, unless said otherwise");
    private readonly Option<double?> _cropRatio = new("--crop-ratio") { Description = "For a classifier: share of the resized picture's shorter side that it sees; what its file says, or 0.875, unless said otherwise", HelpName = "RATIO" };
    private readonly TestArguments _test = new();
    private readonly ShardArguments _shard = new();
    private readonly Option<string[]> _merge = new("--merge")
    {
        Description = "Instead of evaluating: add up the parts that eval --shard i/n --json FILE wrote; the figures are those of one run, to the last bit",
        HelpName = "PART.json …",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

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
        _shard.AddTo(this);
        Add(_merge);
        _engine.AddTo(this);
        Add(_json.Option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--weights runs/camvid-t/best.safetensors --data data/camvid",
        "--weights runs/imagenette-t/best.safetensors --config configs/imagenette-t-5ep.yaml --set data.root=data/imagenette",
        "--weights segnext_t_cityscapes.pth --data cityscapes --mode slide --crop 1024x1024 --stride 768x768 --json result.json",
        "--weights best.safetensors --data data/camvid --shard 0/4 --json part0.json",
        "--merge part0.json part1.json part2.json part3.json --json result.json",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        _json.Check(parse);
        if (parse.GetValue(_merge) is { Length: > 0 } parts)
        {
            return Merge(parse, parts);
        }

        string weights = parse.GetValue(_weights) ?? throw new InputException("Option '--weights' is required; see segnext eval --help.");
        _engine.Check(parse);
        LabelledSplit split = _split.Read(parse);
        (Shard? shard, RankEnvironment? place) = _shard.Read(parse, Terminal);
        RequireWhole(parse, shard, place);
        using RankGathering? ranks = place is null ? null : RankGathering.Join(place);
        if (ClassifierEval.Holds(weights))
        {
            return Classify(parse, weights, split, shard, ranks);
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
        ISegmentationDataSet mine = shard is { } share ? new DataSetShare(data, share) : data;
        EvaluationResult result = LabelledSplit.Evaluate("Evaluating", segmenter, mine, test, samples is null ? null : samples.Take, Terminal);
        if (shard is { } taken)
        {
            string settings = $"{split.Title} {split.Name}, {EvalPart.Describe(test)}, {(_engine.IsTorch(parse) ? "torch" : "managed")} engine";
            return Present(parse, ranks, EvalPart.Of(taken, weights, settings, classes.Names, data.Count, mine.Count, result));
        }

        return Present(parse, result, classes.Names, data.Count, () =>
        {
            if (samples is not null)
            {
                string report = parse.GetValue(_report)!;
                string title = $"{Path.GetFileNameWithoutExtension(weights)} on {split.Title}";
                Report.WriteEvaluation(report, title, result, classes, samples, TrainRunner.Describe(_engine.Device(parse), _engine.Version(parse)));
                Terminal.Note($"report {report}");
            }
        });
    }

    /// <summary>Top-1 and top-5 of a classifier on folders of classes.</summary>
    private int Classify(ParseResult parse, string weights, LabelledSplit split, Shard? shard, RankGathering? ranks)
    {
        if (parse.GetValue(_cropRatio) is { } ratio && !(ratio is > 0 and <= 1))
        {
            throw new InputException($"--crop-ratio must be above 0 and at most 1, not {ratio}.");
        }

        ClassifierEval eval = new(
            weights, split, parse.GetValue(_size), parse.GetValue(_cropRatio), _test.Flips(parse), _engine.Options(parse), shard);
        ClassifierFigures figures = eval.Run(Terminal);
        return shard is { } taken
            ? Present(parse, ranks, EvalPart.Of(taken, weights, $"{split.Title} {split.Name}, {figures.Test}", figures.Classes, figures.All, figures.Mine, figures.Result))
            : Present(parse, figures.Result, figures.All);
    }

    /// <summary>Refuses, before any work, what a share of the pictures cannot give.</summary>
    private void RequireWhole(ParseResult parse, Shard? shard, RankEnvironment? place)
    {
        if (shard is null)
        {
            return;
        }

        if (parse.GetValue(_report) is not null)
        {
            throw new InputException("--report shows pictures of the whole data set, which one process has to see; leave it out, or evaluate in one process.");
        }

        if (place is null && parse.GetValue(_json.Option) is null)
        {
            throw new InputException($"--shard {shard} gives a part of the figures, which goes into a file; add --json FILE, and put the parts together by eval --merge.");
        }

        if (place is null && parse.GetValue(_confusion) is not null)
        {
            throw new InputException("--confusion belongs to eval --merge, not to one of the parts.");
        }
    }

    private int Merge(ParseResult parse, string[] files)
    {
        if (parse.GetValue(_weights) is not null || _shard.IsGiven(parse))
        {
            throw new InputException("--merge takes the parts of an evaluation that is done; leave --weights and --shard out.");
        }

        // A pattern that the shell left as it was, as where there is no shell.
        (string, EvalPart)[] parts = [.. files.SelectMany(PartFiles).Select(file => (file, EvalPartJson.Read(ReadAll(file), file)))];
        return Present(parse, EvalPart.Merge(parts));
    }

    private static IEnumerable<string> PartFiles(string path)
    {
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        return !File.Exists(path) && Path.GetFileName(path).AsSpan().ContainsAny('*', '?') && Directory.Exists(folder)
            && Directory.GetFiles(folder, Path.GetFileName(path)) is { Length: > 0 } found ? found : [path];
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Wrap(path, error);
        }
    }

    /// <summary>A part: into its file, or together with those of the other processes, which rank 0 shows.</summary>
    private int Present(ParseResult parse, RankGathering? ranks, EvalPart part)
    {
        if (ranks is not null)
        {
            IReadOnlyList<byte[]>? all = ranks.Gather(EvalPartJson.ToBytes(part), Terminal.Cancellation);
            return all is null
                ? ExitCode.Done
                : Present(parse, EvalPart.Merge([.. all.Select((bytes, rank) => ($"Rank {rank}", EvalPartJson.Read(bytes, $"Rank {rank}")))]));
        }

        _json.Present(parse, Terminal, json => EvalPartJson.Write(json, part), _ => Terminal.Note($"share {part.Shard}: {part.Images} of {part.Pictures} pictures evaluated; eval --merge puts the parts together"));
        return Failures(part.Failed, part.Images + part.Failed);
    }

    private int Present(ParseResult parse, EvalPart whole) => whole.Images == 0
        ? throw new InputException("No picture could be evaluated.")
        : whole.IsClassifier
        ? Present(parse, whole.ToClassification(), whole.Pictures)
        : Present(parse, whole.ToSegmentation(), whole.Names, whole.Pictures);

    private int Present(ParseResult parse, EvaluationResult result, IReadOnlyList<string> names, int pictures, Action? also = null)
    {
        if (result.Images == 0)
        {
            throw new InputException("No picture could be evaluated.");
        }

        // The figures first: a picture that cannot be written must not cost them.
        _json.Present(
            parse,
            Terminal,
            json => MetricsJson.Write(json, result.Metrics, names, result.Images, result.Seconds),
            onError => Terminal.Show(MetricsTable.Create(result.Metrics, names, result.Images, result.Seconds), onError));
        string picture = parse.GetValue(_confusion) ?? "confusion.png";
        PngWriter.WriteRgb(picture, ConfusionPicture.Draw(result.Confusion.NormalizeRows(), names));
        Terminal.Note($"confusion matrix {picture}");
        also?.Invoke();
        return Failures(pictures - result.Images, pictures);
    }

    private int Present(ParseResult parse, ClassificationResult result, int pictures)
    {
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
        return Failures(pictures - result.Images, pictures);
    }

    private int Failures(int failed, int pictures)
    {
        if (failed == 0)
        {
            return ExitCode.Done;
        }

        Terminal.Warn($"{failed} of {pictures} pictures could not be evaluated and are not in the figures.");
        return ExitCode.SomeFailed;
    }
}
