using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>A split of a data set to evaluate on.</summary>
/// <param name="Root">The data set's folder.</param>
/// <param name="Config">The configuration that names it, or null.</param>
/// <param name="Split">The split that was asked for, or null.</param>
internal sealed record LabelledSplit(string Root, RunConfig? Config, string? Split)
{
    /// <summary>The split's name: what was asked for, the configuration's, or <c>val</c>.</summary>
    public string Name => Split ?? Config?.EvalSplit ?? "val";

    /// <summary>The data set's own name: that of its folder.</summary>
    public string Title => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Root)));

    /// <summary>Opens it.</summary>
    /// <exception cref="InputException">The folder does not hold such a data set.</exception>
    public ISegmentationDataSet Open() => Config is null ? DataSets.Open(Root, Name) : DataSets.Open(Config.Data.Type.ToString(), Root, Name);

    /// <summary>Refuses a model for another number of classes; a difference in names is told.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">Its file.</param>
    /// <param name="classes">The data set's classes.</param>
    /// <param name="terminal">Who is told.</param>
    /// <exception cref="InputException">The model tells more or fewer classes apart.</exception>
    public void RequireFit(ModelConfig model, string weights, ClassSet classes, Terminal terminal)
    {
        if (model.NumClasses != classes.Count)
        {
            throw new InputException($"{weights} tells {model.NumClasses} classes apart, but {Root} has {classes.Count} ({string.Join(", ", classes.Names.Take(5))}{(classes.Count > 5 ? ", …" : "")}).");
        }

        if (model.ClassNames is { } names && !names.SequenceEqual(classes.Names, StringComparer.OrdinalIgnoreCase))
        {
            int first = Enumerable.Range(0, classes.Count).First(i => !string.Equals(names[i], classes.Names[i], StringComparison.OrdinalIgnoreCase));
            terminal.Warn($"{weights} calls class {first} '{names[first]}', {Root} calls it '{classes.Names[first]}'; ids are compared, whatever their names.");
        }
    }

    /// <summary>Evaluates a model with progress; a picture that cannot be is named, and the others go on.</summary>
    /// <param name="title">What the progress is called.</param>
    /// <param name="segmenter">The model.</param>
    /// <param name="data">The data set.</param>
    /// <param name="test">How pictures go through the network.</param>
    /// <param name="take">Gets each picture's index, sample and class ids, or null.</param>
    /// <param name="terminal">Who is told.</param>
    public static EvaluationResult Evaluate(
        string title, ISegmenter segmenter, ISegmentationDataSet data, TestOptions test, Action<int, Sample, LabelMap>? take, Terminal terminal)
    {
        EvaluationResult? result = null;
        WorkProgress.Run(terminal, title, data.Count, progress =>
            result = Evaluator.Run(
                new TestTimeSegmenter(segmenter, test),
                data,
                (index, sample, prediction) =>
                {
                    take?.Invoke(index, sample, prediction);
                    progress.Advance();
                },
                terminal.Cancellation,
                (_, fault) =>
                {
                    terminal.Warn(fault.Message);
                    progress.Advance();
                }));
        return result!;
    }
}
