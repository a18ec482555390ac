namespace SegNeXt.Training;

/// <summary>What an evaluation found, whatever the task.</summary>
/// <param name="Images">Number of images that were counted.</param>
/// <param name="Seconds">Time it took.</param>
public abstract record EvaluationOutcome(int Images, double Seconds)
{
    /// <summary>The figures by their names in the log, as fractions, NaN where undefined; the first is the one that the best weights are chosen by.</summary>
    public abstract IReadOnlyList<(string Name, double Value)> Figures { get; }

    /// <summary>The figure that the best weights are chosen by.</summary>
    public double Score => Figures[0].Value;
}
