using System.CommandLine;
using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Cli;

/// <summary><c>segnext score</c>: the figures of saved class-id maps, from whatever program.</summary>
internal sealed class ScoreCommand : CliCommand
{
    private readonly Option<string?> _predictions = Opt.Text("--predictions", "DIR", "Folder of class-id PNGs", required: true);
    private readonly Option<string?> _labels = Opt.Text("--labels", "DIR", "Folder of true class-id PNGs of the same names; 255 is ignored", required: true);
    private readonly Option<int?> _classes = Opt.Whole("--classes", "Number of classes; needed unless --format names a benchmark", 1, ClassSet.MaxClasses, "K");
    private readonly Option<bool> _reduceZeroLabel = Opt.Switch("--reduce-zero-label", "Labels count from 1 and 0 is ignored, as in ADE20K");
    private readonly Option<string?> _format = Opt.Choice("--format", "The ids of predictions and labels: class ids, or as predict --format writes them and the benchmark's own label files have them; ids unless said otherwise", [.. IdFormat.Names]);
    private readonly JsonOutput _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public ScoreCommand(Terminal terminal)
        : base("score", "Score saved class-id PNGs of any program against labels.", terminal)
    {
        Add(_predictions);
        Add(_labels);
        Add(_classes);
        Add(_reduceZeroLabel);
        Add(_format);
        Add(_json.Option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--predictions masks --labels labels/val --classes 11",
        "--predictions masks --labels cityscapes/gtFine/val --format cityscapes",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        Stopwatch clock = Stopwatch.StartNew();
        IdFormat format = IdFormat.Get(parse.GetValue(_format) ?? "ids");
        bool reduce = parse.GetValue(_reduceZeroLabel);
        ClassSet known = Classes(format, parse.GetValue(_classes), reduce);
        int classes = known.Count;
        IReadOnlyList<ScorePair> pairs = ScorePair.Find(parse.GetValue(_predictions)!, parse.GetValue(_labels)!, format);
        ConfusionMatrix matrix = new(classes);
        int failed = 0;
        WorkProgress.Run(Terminal, "Scoring", pairs.Count, progress =>
        {
            foreach (ScorePair pair in pairs)
            {
                Terminal.Cancellation.ThrowIfCancellationRequested();
                try
                {
                    Count(pair, matrix, format, reduce);
                }
                catch (InputException error)
                {
                    failed++;
                    Terminal.Warn(error.Message);
                }

                progress.Advance();
            }
        });

        if (failed == pairs.Count)
        {
            throw new InputException("No pair could be scored.");
        }

        if (matrix.OutsidePredictions > 0)
        {
            Terminal.Warn($"{matrix.OutsidePredictions} predicted pixels are none of the {classes} classes and count as wrong.");
        }

        string[] names = known.Names;
        SegmentationMetrics metrics = matrix.Compute();
        int images = pairs.Count - failed;
        double seconds = clock.Elapsed.TotalSeconds;
        _json.Present(
            parse,
            Terminal,
            json => MetricsJson.Write(json, metrics, names, images, seconds),
            onError => Terminal.Show(MetricsTable.Create(metrics, names, images, seconds), onError));
        return failed > 0 ? ExitCode.SomeFailed : ExitCode.Done;
    }

    private static ClassSet Classes(IdFormat format, int? classes, bool reduceZeroLabel)
    {
        if (format.Classes is { } set)
        {
            return classes is { } given && given != set.Count ? throw new InputException($"--format {format.Name} has {set.Count} classes, not {given}; leave --classes out.")
                : reduceZeroLabel && format.Name != "ade" ? throw new InputException($"--reduce-zero-label does not go with --format {format.Name}.")
                : set;
        }

        int number = classes ?? throw new InputException("score needs --classes K, the number of classes, or --format with a benchmark's name; see segnext score --help.");
        return reduceZeroLabel && number == ClassSet.MaxClasses
            ? throw new InputException($"--reduce-zero-label leaves room for {ClassSet.MaxClasses - 1} classes at most.")
            : ClassSet.Default(number);
    }

    private static void Count(ScorePair pair, ConfusionMatrix matrix, IdFormat format, bool reduceZeroLabel)
    {
        LabelMap label = format.Classes is null
            ? ImageFile.ReadLabel(pair.Label, new ImageReadOptions { ReduceZeroLabel = reduceZeroLabel })
            : format.ReadLabel(pair.Label);
        LabelMap prediction = format.ReadPrediction(pair.Prediction);
        if ((prediction.Width, prediction.Height) != (label.Width, label.Height))
        {
            throw new InputException(
                $"{pair.Prediction} has {prediction.Width}x{prediction.Height} pixels, its label {pair.Label} {label.Width}x{label.Height}.");
        }

        foreach (byte id in label.Ids)
        {
            if (id >= matrix.Classes && id != LabelMap.Ignore)
            {
                throw new InputException(
                    $"{pair.Label} holds the class id {id}, but there are {matrix.Classes} classes (0 to {matrix.Classes - 1}, and 255 for ignored).");
            }
        }

        matrix.Add(prediction, label);
    }
}
