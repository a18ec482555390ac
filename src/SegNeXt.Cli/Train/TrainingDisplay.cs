using System.Globalization;
using SegNeXt.Training;
using Spectre.Console;

namespace SegNeXt.Cli;

/// <summary>A run's progress: a live bar on a terminal, a plain line per logged iteration elsewhere.</summary>
internal sealed class TrainingDisplay : ITrainingProgress
{
    private readonly Terminal _terminal;
    private readonly ProgressTask? _bar;

    private TrainingDisplay(Terminal terminal, ProgressTask? bar)
    {
        _terminal = terminal;
        _bar = bar;
    }

    /// <summary>Runs work with a display that fits the terminal.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    public static T Show<T>(Terminal terminal, RunConfig config, Func<ITrainingProgress, T> work)
    {
        if (terminal.Quiet)
        {
            return work(SilentProgress.Instance);
        }

        if (!terminal.ErrorIsTerminal)
        {
            return work(new TrainingDisplay(terminal, null));
        }

        return terminal.ErrorConsole.Progress()
            .AutoClear(false)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context => work(new TrainingDisplay(terminal, context.AddTask("starting", maxValue: config.Train.Iterations))));
    }

    /// <inheritdoc/>
    public void OnIteration(in TrainingStatus status)
    {
        string line = Describe(status);
        if (_bar is null)
        {
            _terminal.Note($"iteration {status.Iteration}/{status.Iterations}: {line}");
        }
        else
        {
            _bar.MaxValue = status.Iterations;
            _bar.Value = status.Iteration;
            _bar.Description = Markup.Escape($"{status.Iteration}/{status.Iterations}  {line}");
        }
    }

    /// <inheritdoc/>
    public void OnEvaluation(in EvaluationStatus result) => _terminal.Note(string.Create(
        CultureInfo.InvariantCulture,
        $"iteration {result.Iteration}: {Describe(result.Figures)} on {result.Images} images in {result.Seconds:0.0} s{(result.IsBest ? ", the best so far" : "")}"));

    /// <inheritdoc/>
    public void OnMessage(string message) => _terminal.Note(message);

    private static string Describe(IEnumerable<(string Name, double Value)> figures) =>
        string.Join(", ", figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Name} {figure.Value:0.0000}")));

    private static string Describe(in TrainingStatus status) => string.Create(
        CultureInfo.InvariantCulture,
        $"loss {status.Loss:0.0000}, lr {status.LearningRate:0.00e+00}, {status.ImagesPerSecond:0.0} images/s, {(status.Eta is { } left ? WorkProgress.Duration(left) : "?")} left");
}
