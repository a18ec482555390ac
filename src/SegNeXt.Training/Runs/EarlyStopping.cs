using System.Globalization;

namespace SegNeXt.Training;

/// <summary>Ends a run whose validation mIoU does not rise any more.</summary>
/// <param name="Patience">Evaluations in a row without a rise after which it ends, at least 1.</param>
/// <param name="Delta">An mIoU counts as risen when it is above the highest counted before by more than this.</param>
/// <param name="Figure">What the figure is called.</param>
internal sealed record EarlyStopping(int Patience, double Delta, string Figure = "mIoU")
{
    /// <summary>The rule of a run, or null where it has none.</summary>
    public static EarlyStopping? Of(TrainSettings train, string figure = "mIoU") => train.EarlyStop is { } patience ? new(patience, train.EarlyStopDelta, figure) : null;

    /// <summary>What is known after another evaluation.</summary>
    /// <param name="before">What was known.</param>
    /// <param name="meanIoU">The evaluation's figure; one that is undefined counts as not risen.</param>
    public StopCount After(StopCount before, double meanIoU)
    {
        bool risen = double.IsNaN(before.Best) ? !double.IsNaN(meanIoU) : meanIoU > before.Best + Delta;
        return risen ? new StopCount(meanIoU, 0) : before with { Stale = before.Stale + 1 };
    }

    /// <summary>Whether the run ends.</summary>
    public bool IsOver(StopCount count) => count.Stale >= Patience;

    /// <summary>Why it ends.</summary>
    public string Reason(TrainingState state) => string.Create(
        CultureInfo.InvariantCulture,
        $"Stopped early after iteration {state.Iteration}: in {state.Stop.Stale} evaluations in a row {Figure} has not risen above {state.Stop.Best:0.0000}{(Delta > 0 ? $" by more than {Delta}" : "")} (train.early_stop {Patience}).");
}

/// <summary>What early stopping remembers.</summary>
/// <param name="Best">The highest mIoU that counted, or NaN.</param>
/// <param name="Stale">Evaluations since.</param>
public readonly record struct StopCount(double Best, int Stale)
{
    /// <summary>Before the first evaluation.</summary>
    public static StopCount None { get; } = new(double.NaN, 0);
}
