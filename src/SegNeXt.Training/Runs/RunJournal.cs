namespace SegNeXt.Training;

/// <summary>What a run writes down as it goes: <c>log.jsonl</c> and TensorBoard events, the same figures in both.</summary>
internal sealed class RunJournal : IDisposable
{
    private readonly RunLog _log;
    private readonly TensorBoardWriter _events;

    /// <summary>Opens both: new for a new run, the log cut back to where a resumed one goes on.</summary>
    public RunJournal(RunFolder run, int iterationsDone)
    {
        if (File.Exists(run.Log))
        {
            RunLog.TruncateAfter(run.Log, iterationsDone);
        }

        _log = new RunLog(run.Log);
        _events = new TensorBoardWriter(run.Path);
        if (iterationsDone > 0)
        {
            _events.MarkRestart(iterationsDone);
        }
    }

    /// <summary>Whether the log of a run has an evaluation after so many iterations.</summary>
    public static bool HasEvaluation(RunFolder run, int iteration) =>
        File.Exists(run.Log) && RunLog.Read(run.Log).Any(entry => entry.IsEvaluation && entry.Iteration == iteration);

    public void Iteration(int iteration, double loss, double learningRate, StepMeter.Reading speed)
    {
        _log.WriteIteration(iteration, loss, learningRate, speed.ImagesPerSecond, speed.DataSeconds);
        _events.AddScalar("train/loss", iteration, loss);
        _events.AddScalar("train/lr", iteration, learningRate);
        _events.AddScalar("train/images_per_second", iteration, speed.ImagesPerSecond);
    }

    public void Evaluation(int iteration, EvaluationResult result)
    {
        _log.WriteEvaluation(iteration, result.Metrics.MIoU, result.Metrics.AAcc, result.Metrics.MAcc, ("seconds", result.Seconds));
        _events.AddScalar("val/mIoU", iteration, result.Metrics.MIoU);
        _events.AddScalar("val/aAcc", iteration, result.Metrics.AAcc);
        _events.AddScalar("val/mAcc", iteration, result.Metrics.MAcc);
    }

    public void Dispose()
    {
        _log.Dispose();
        _events.Dispose();
    }
}
