using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Models;

namespace SegNeXt.Training;

/// <content>Evaluations and checkpoints: what of a run stays.</content>
public sealed partial class Trainer
{
    /// <summary>The weights that are evaluated and kept as the best: the moving average, where there is one.</summary>
    private SegmentationModel Judged => _average?.Model ?? _model;

    private CheckpointContent Content => new(_model, _optimizer, _average, _config);

    private void Resume(StoredCheckpoint stored)
    {
        LoadReport report = stored.Load(Content);
        Say(report);
        _progress.OnMessage(string.Create(CultureInfo.InvariantCulture, $"Resuming from iteration {stored.State.Iteration} of {_config.Train.Iterations}."));
        if (stored.Config is { } before && ResumeChanges.Describe(before, _config) is { } changes)
        {
            _progress.OnMessage(changes);
        }

        _state = BestWeights.Restore(_run, Judged, stored.State);
        _savedAt = _state.Iteration;
        if (_average is null)
        {
            _state = _state with { AverageUpdates = 0 };
        }

        if (_stopping is null)
        {
            _state = _state with { Stop = StopCount.None };
        }
    }

    private EvaluationResult Evaluate(RunJournal log, CancellationToken cancellation)
    {
        FiniteWeights.Require(_model, _state.Iteration);
        using TorchSegmenter engine = new(Judged, _device, ownsModel: false);
        TestTimeSegmenter segmenter = new(engine, _config.ToTestOptions());
        EvaluationSamples samples = new(_valData);
        EvaluationResult result;
        try
        {
            result = Evaluator.Run(segmenter, _valData, samples.Take, cancellation);
        }
        finally
        {
            _mode.Enter();
        }

        double meanIoU = result.Metrics.MIoU;
        bool best = _state.BestIteration == 0 || double.IsNaN(_state.BestMeanIoU) || meanIoU > _state.BestMeanIoU;
        _state = _state with
        {
            EvaluatedAt = _state.Iteration,
            BestMeanIoU = best ? meanIoU : _state.BestMeanIoU,
            BestIteration = best ? _state.Iteration : _state.BestIteration,
            Stop = _stopping?.After(_state.Stop, meanIoU) ?? _state.Stop,
        };

        log.Evaluation(_state.Iteration, result, _valData.Classes, samples);
        _run.WriteEvaluation(result, _valData.Classes, samples);
        SaveCheckpoint(log);
        if (best)
        {
            BestWeights.Write(_run, Judged, _state);
        }

        WriteReport();
        _progress.OnEvaluation(new EvaluationStatus(_state.Iteration, meanIoU, result.Metrics.AAcc, result.Metrics.MAcc, result.Images, result.Seconds, best));
        return result;
    }

    private void WriteReport()
    {
        _run.WriteRunInfo(_about, ModelLayout.CountParameters(_model.Config), _state.Seconds, Ending());
        Report.Write(_run.Path);
    }

    private void SaveCheckpoint(RunJournal log)
    {
        _saveFailed = true;
        log.Flush();
        _checkpoints.Save(Content, _state);
        _saveFailed = false;
        _savedAt = _state.Iteration;
    }
}
