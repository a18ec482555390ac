using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>
/// Where a run stands, apart from its weights. The random generators are functions of the seed and
/// <paramref name="Iteration"/>, so they need no place here.
/// </summary>
/// <param name="Iteration">Iterations done.</param>
/// <param name="BestScore">Best validation figure so far (mIoU; top-1 of a classifier), or NaN.</param>
/// <param name="Seconds">Seconds trained so far.</param>
public sealed record TrainingState(int Iteration, double BestScore, double Seconds)
{
    /// <summary>Iterations done when <see cref="BestScore"/> was reached, 0 for none.</summary>
    public int BestIteration { get; init; }

    /// <summary>Iterations done at the last evaluation, 0 for none.</summary>
    public int EvaluatedAt { get; init; }

    /// <summary>What early stopping remembers.</summary>
    public StopCount Stop { get; init; } = StopCount.None;

    /// <summary>
    /// Images of the run's sequence that have been learned from: where the next batch begins, whatever its size and the number
    /// of ranks; below 0 where a checkpoint of a version before does not say.
    /// </summary>
    public long Images { get; init; }

    /// <summary>Steps in the moving average of the weights.</summary>
    public long AverageUpdates { get; init; }

    /// <summary>The factor of the loss in half precision, and what it remembers.</summary>
    public LossScale LossScale { get; init; } = LossScale.First;

    /// <summary>The state as a file's metadata.</summary>
    internal Dictionary<string, string> ToMetadata() => new(StringComparer.Ordinal)
    {
        ["iteration"] = Text(Iteration),
        ["best_score"] = Text(BestScore),
        ["seconds"] = Text(Seconds),
        ["best_iteration"] = Text(BestIteration),
        ["evaluated_at"] = Text(EvaluatedAt),
        ["stop_best"] = Text(Stop.Best),
        ["stop_stale"] = Text(Stop.Stale),
        ["average_updates"] = Text(AverageUpdates),
        ["loss_scale"] = Text(LossScale.Factor),
        ["loss_scale_streak"] = Text(LossScale.Streak),
        ["images"] = Text(Images),
    };

    /// <summary>The state from a file's metadata; what files of version 0.1 do not have is as if it were never used.</summary>
    /// <exception cref="InputException">The metadata do not say where the run stood.</exception>
    internal static TrainingState FromMetadata(string path, IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            int iteration = Whole(metadata["iteration"]);
            return new TrainingState(iteration, Optional("best_score", Real, Optional("best_miou", Real, double.NaN)), Real(metadata["seconds"]))
            {
                BestIteration = Optional("best_iteration", Whole, 0),
                EvaluatedAt = Optional("evaluated_at", Whole, iteration),
                Stop = new StopCount(Optional("stop_best", Real, double.NaN), Optional("stop_stale", Whole, 0)),
                AverageUpdates = Optional("average_updates", Whole, 0),
                LossScale = new LossScale(Optional("loss_scale", Real, LossScale.First.Factor), Optional("loss_scale_streak", Whole, 0)),
                Images = Optional("images", Long, -1),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException)
        {
            throw new InputException($"{path}: its metadata does not say where the run stood.", e);
        }

        T Optional<T>(string name, Func<string, T> parse, T otherwise) => metadata.TryGetValue(name, out string? text) ? parse(text) : otherwise;
    }

    /// <summary>The state as one text, for another process.</summary>
    internal static string ToText(TrainingState state) => string.Join('\n', state.ToMetadata().Select(entry => $"{entry.Key}={entry.Value}"));

    /// <summary>The state from <see cref="ToText"/>'s text.</summary>
    internal static TrainingState FromText(string text) =>
        FromMetadata("rank 0", text.Split('\n').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal));

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(IFormattable value) => value.ToString(value is double ? "R" : null, CultureInfo.InvariantCulture);
}
