namespace SegNeXt.Training;

/// <summary>Where a run tells what it does: a live bar on a terminal, plain lines elsewhere, nothing in a test.</summary>
public interface ITrainingProgress
{
    /// <summary>An iteration is done.</summary>
    /// <param name="status">Where the run stands.</param>
    void OnIteration(in TrainingStatus status);

    /// <summary>An evaluation is done.</summary>
    /// <param name="result">What it found.</param>
    void OnEvaluation(in EvaluationStatus result);

    /// <summary>Something worth a line: what was loaded, what was saved, a warning.</summary>
    /// <param name="message">One line of text.</param>
    void OnMessage(string message);
}

/// <summary>Where a run stands after an iteration.</summary>
/// <param name="Iteration">Iterations done, from 1.</param>
/// <param name="Iterations">Iterations of the whole run.</param>
/// <param name="Loss">Loss of the iteration.</param>
/// <param name="LearningRate">Rate of the first parameter group in the iteration.</param>
/// <param name="ImagesPerSecond">Images trained per second, lately.</param>
/// <param name="Eta">Time left, or null as long as nothing is known.</param>
/// <param name="DataSeconds">Seconds that the iteration waited for its batch.</param>
public readonly record struct TrainingStatus(
    int Iteration,
    int Iterations,
    double Loss,
    double LearningRate,
    double ImagesPerSecond,
    TimeSpan? Eta,
    double DataSeconds);

/// <summary>What an evaluation during a run found; figures are fractions, NaN where undefined.</summary>
/// <param name="Iteration">Iterations done when it was made.</param>
/// <param name="Figures">The figures by name, the one that the best weights are chosen by first: mIoU, aAcc and mAcc, or top1 and top5.</param>
/// <param name="Images">Images evaluated.</param>
/// <param name="Seconds">Time it took.</param>
/// <param name="IsBest">Whether its first figure is the run's best so far.</param>
public readonly record struct EvaluationStatus(
    int Iteration,
    IReadOnlyList<(string Name, double Value)> Figures,
    int Images,
    double Seconds,
    bool IsBest);

/// <summary>A progress that says nothing.</summary>
public sealed class SilentProgress : ITrainingProgress
{
    /// <summary>The one instance.</summary>
    public static SilentProgress Instance { get; } = new();

    /// <inheritdoc/>
    public void OnIteration(in TrainingStatus status)
    {
    }

    /// <inheritdoc/>
    public void OnEvaluation(in EvaluationStatus result)
    {
    }

    /// <inheritdoc/>
    public void OnMessage(string message)
    {
    }
}
