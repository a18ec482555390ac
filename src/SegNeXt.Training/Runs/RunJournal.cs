using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>
/// What a run writes down as it goes: <c>log.jsonl</c> and TensorBoard events. The figures are the same in both; the
/// events also have each class's IoU, pictures and the configuration.
/// </summary>
internal sealed class RunJournal : IDisposable
{
    private readonly RunLog _log;
    private readonly TensorBoardWriter _events;

    /// <summary>Opens both: new for a new run, cut back to where a resumed one goes on.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="iterationsDone">Iterations done.</param>
    /// <param name="evaluatedAt">Iterations done at the last evaluation.</param>
    public RunJournal(RunFolder run, int iterationsDone, int evaluatedAt)
    {
        RunLog.TruncateAfter(run.Log, iterationsDone, evaluatedAt);
        EventFileCut.After(run.Path, iterationsDone, evaluatedAt);
        _log = new RunLog(run.Log);
        _events = new TensorBoardWriter(run.Path);
        if (iterationsDone > 0)
        {
            _events.MarkRestart(iterationsDone + 1);
        }

        if (File.Exists(run.Config))
        {
            _events.AddText("config", iterationsDone, $"```yaml\n{File.ReadAllText(run.Config).TrimEnd()}\n```");
        }
    }

    public void Iteration(int iteration, double loss, double learningRate, StepMeter.Reading speed)
    {
        _log.WriteIteration(iteration, loss, learningRate, speed.ImagesPerSecond, speed.DataSeconds);
        _events.AddScalar("train/loss", iteration, loss);
        _events.AddScalar("train/lr", iteration, learningRate);
        _events.AddScalar("train/images_per_second", iteration, speed.ImagesPerSecond);
    }

    /// <summary>An evaluation's figures.</summary>
    public void Evaluation(int iteration, EvaluationOutcome outcome)
    {
        _log.WriteEvaluation(iteration, [.. outcome.Figures, ("seconds", outcome.Seconds)]);
        foreach ((string name, double value) in outcome.Figures)
        {
            _events.AddScalar($"val/{name}", iteration, value);
        }
    }

    /// <summary>A figure of each class, for the events alone.</summary>
    public void Classes(int iteration, string figure, IReadOnlyList<string> names, IReadOnlyList<double> values)
    {
        for (int i = 0; i < names.Count; i++)
        {
            // A class that does not occur has none; TensorBoard marks each NaN, and all of them for nothing.
            if (double.IsFinite(values[i]))
            {
                _events.AddScalar($"{figure}/{names[i]}", iteration, values[i]);
            }
        }
    }

    /// <summary>A few pictures with truth and prediction, for the events alone.</summary>
    public void Samples(int iteration, EvaluationSamples samples, ClassSet classes)
    {
        foreach (EvaluationSample sample in samples.Spread)
        {
            _events.AddImage($"val_image_truth_prediction/{sample.Name}", iteration, SampleStrip.Png(sample, classes.Palette));
        }
    }

    /// <summary>Brings the log onto the disk, ahead of a checkpoint that follows from it.</summary>
    public void Flush() => _log.Flush();

    public void Dispose()
    {
        _log.Dispose();
        _events.Dispose();
    }
}
