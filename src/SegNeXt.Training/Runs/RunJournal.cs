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

    public void Evaluation(int iteration, EvaluationResult result, ClassSet classes, EvaluationSamples samples)
    {
        SegmentationMetrics metrics = result.Metrics;
        _log.WriteEvaluation(iteration, metrics.MIoU, metrics.AAcc, metrics.MAcc, ("seconds", result.Seconds));
        _events.AddScalar("val/mIoU", iteration, metrics.MIoU);
        _events.AddScalar("val/aAcc", iteration, metrics.AAcc);
        _events.AddScalar("val/mAcc", iteration, metrics.MAcc);
        for (int i = 0; i < classes.Count; i++)
        {
            // A class that does not occur has no IoU; TensorBoard marks each NaN, and all of them for nothing.
            if (double.IsFinite(metrics.Classes[i].IoU))
            {
                _events.AddScalar($"val_IoU/{classes.Names[i]}", iteration, metrics.Classes[i].IoU);
            }
        }

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
