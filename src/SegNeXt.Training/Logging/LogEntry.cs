namespace SegNeXt.Training;

/// <summary>One line of a run's log.</summary>
/// <param name="Iteration">Iterations done.</param>
/// <param name="Values">The line's other numbers by name; NaN where the line has null.</param>
public sealed record LogEntry(int Iteration, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>Whether the line is an evaluation's.</summary>
    public bool IsEvaluation => Values.ContainsKey("mIoU") || Values.ContainsKey("top1");

    /// <summary>A number of the line, or NaN where the line has none of that name.</summary>
    /// <param name="name">Its name, such as <c>loss</c>.</param>
    public double this[string name] => Values.TryGetValue(name, out double value) ? value : double.NaN;
}
