using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>Evaluations that the ranks divide among themselves: what each counted is added up, so that all know the same figures.</summary>
internal static class SharedEvaluation
{
    /// <summary>Adds up the counts of a segmentation's evaluation.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="evaluate">Evaluates this rank's pictures.</param>
    /// <exception cref="OperationCanceledException">Any rank was told to stop.</exception>
    /// <exception cref="InputException">A picture of any rank cannot be used.</exception>
    public static EvaluationResult Run(Ranks ranks, Func<EvaluationResult> evaluate)
    {
        if (!ranks.IsTogether)
        {
            return evaluate();
        }

        EvaluationResult own = Together(ranks, evaluate);
        ranks.Sum(own.Confusion.Counters);
        return new EvaluationResult(own.Confusion, (int)ranks.Sum(own.Images), own.Seconds);
    }

    /// <summary>Adds up the counts of a classifier's evaluation.</summary>
    /// <inheritdoc cref="Run(Ranks, Func{EvaluationResult})"/>
    public static ClassificationResult Run(Ranks ranks, Func<ClassificationResult> evaluate)
    {
        if (!ranks.IsTogether)
        {
            return evaluate();
        }

        ClassificationResult own = Together(ranks, evaluate);
        Span<double> counts = own.Images == 0 ? [0, 0, 0] : [Math.Round(own.Top1 * own.Images), Math.Round(own.Top5 * own.Images), own.Images];
        ranks.Sum(counts);
        if (own.Confusion is { } confusion)
        {
            ranks.Sum(confusion.Counters);
        }

        return new ClassificationResult(counts[0] / counts[2], counts[1] / counts[2], own.Confusion, (int)counts[2], own.Seconds);
    }

    /// <summary>Works on every rank; where one stops or fails, all do, when the others are done too.</summary>
    private static T Together<T>(Ranks ranks, Func<T> work)
        where T : class
    {
        T? result = null;
        InputException? fault = null;
        bool stopped = false;
        try
        {
            result = work();
        }
        catch (OperationCanceledException)
        {
            stopped = true;
        }
        catch (InputException error)
        {
            fault = error;
        }

        ranks.Agree(stopped, fault);
        return result!;
    }
}
