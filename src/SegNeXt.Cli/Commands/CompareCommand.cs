using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext compare</c>: several models on one labelled split, in figures, a chart and pictures side by side.</summary>
internal sealed class CompareCommand : CliCommand
{
    private const string DefaultFolder = "comparison";
    private const int DefaultImages = 4;

    private readonly Option<string[]> _weights = new("--weights")
    {
        Description = "Two or more .safetensors or .pth files of segmentation models, each as FILE or NAME=FILE",
        HelpName = "W",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly SplitArguments _split = new();
    private readonly Option<string?> _out = Opt.Text("-o", "DIR", $"Folder for index.html, chart and pictures; {DefaultFolder} unless said otherwise");
    private readonly Option<int?> _images = Opt.Whole("--images", $"Pictures to show side by side, spread over the split; {DefaultImages} unless said otherwise", 0, 100);
    private readonly TestArguments _test = new();
    private readonly EngineArguments _engine = new();
    private readonly JsonOutput _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public CompareCommand(Terminal terminal)
        : base("compare", "Compare models on a labelled data set: mIoU against multiply-adds, pictures side by side.", terminal)
    {
        Add(_weights);
        _split.AddTo(this);
        Add(_out);
        Add(_images);
        _test.AddTo(this);
        _engine.AddTo(this);
        Add(_json.Option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--weights runs/segnext-t/best.safetensors runs/segformer-b0/best.safetensors --data data/camvid -o comparison",
        "--weights T=t.pth S=s.pth --config configs/cityscapes-t.yaml --set data.root=data/cityscapes --images 8",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        _json.Check(parse);
        _engine.Check(parse);
        string folder = parse.GetValue(_out) ?? DefaultFolder;
        if (File.Exists(folder))
        {
            throw new InputException($"{folder}: this is a file, not a folder for the comparison.");
        }

        LabelledSplit split = _split.Read(parse);
        TestOptions test = _test.Read(parse, _engine.Threads(parse), split.Config?.ToTestOptions());
        ISegmentationDataSet data = split.Open();
        IReadOnlyList<(string Name, string Path)> named = ModelNames.Of(parse.GetValue(_weights) ?? []);
        if (data.Count == 0)
        {
            throw new InputException($"{split.Root}: split {split.Name} holds no pictures.");
        }

        // All of them before the first evaluation, which may take long.
        Check(named, data.Classes, split);
        RgbImage first = data.LoadImage(0);
        (int width, int height) = SeenAtOnce(test, first.Width, first.Height);
        ComparisonPictures pictures = new(data, parse.GetValue(_images) ?? DefaultImages);
        List<ComparedModel> models = [];
        int missing = 0;
        foreach ((string name, string path) in named)
        {
            using ISegmenter segmenter = _engine.Open(parse, path, Terminal);
            EvaluationResult result = LabelledSplit.Evaluate(name, segmenter, data, test, pictures.Take, Terminal);
            if (result.Images == 0)
            {
                throw new InputException($"No picture of {split.Root} could be evaluated with {path}.");
            }

            missing = Math.Max(missing, data.Count - result.Images);
            models.Add(new ComparedModel(
                name, path, segmenter.Config, ModelComplexity.Count(segmenter.Config, height, width), result, _engine.IsTorch(parse) ? "torch" : "managed"));
        }

        Comparison comparison = new($"{split.Title}, {split.Name}", data.Classes, height, width, models, pictures.Of(models.Count));

        // The figures first: a page that cannot be written must not cost them.
        _json.Present(parse, Terminal, json => ComparisonOutput.Write(json, comparison), onError => Terminal.Show(ComparisonOutput.Table(comparison), onError));
        Terminal.Note(ComparisonPage.Write(folder, comparison));
        if (missing > 0)
        {
            Terminal.Warn($"{missing} of {data.Count} pictures could not be evaluated and are not in the figures.");
            return ExitCode.SomeFailed;
        }

        return ExitCode.Done;
    }

    /// <summary>Refuses a file that holds no model for these classes; a difference in names is told.</summary>
    private void Check(IReadOnlyList<(string Name, string Path)> named, ClassSet classes, LabelledSplit split)
    {
        foreach ((_, string path) in named)
        {
            using WeightFile file = WeightFile.Open(path);
            ModelConfig model = file.Config;
            if (model.Decoder is null)
            {
                throw new InputException($"{path} holds an image classifier ({model.Encoder.Family} with {model.NumClasses} classes), which has no decoder to segment with.");
            }

            split.RequireFit(model, path, classes, Terminal);
        }
    }

    /// <summary>What the network sees at once of a picture: all of it, fitted into its box, or a window.</summary>
    private static (int Width, int Height) SeenAtOnce(TestOptions test, int width, int height)
    {
        (int Width, int Height) seen = test.SizeFor(width, height, 1).Final;
        return test.Mode == TestMode.Slide ? (Math.Min(seen.Width, test.CropWidth), Math.Min(seen.Height, test.CropHeight)) : seen;
    }
}
