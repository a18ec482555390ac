using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Models;

namespace SegNeXt.Training;

/// <content>Evaluations and checkpoints: what of a run stays.</content>
public sealed partial class Trainer
{
    /// <summary>The weights that are evaluated and kept as the best: the moving average, where there is one.</summary>
    private Network Judged => _average?.Model ?? _model;

    private CheckpointContent Content => new(_model, _optimizer, _average, _config);

    /// <summary>Makes the run's folder ready, on rank 0.</summary>
    private RunJournal? OpenFolder()
    {
        if (!_ranks.IsMain)
        {
            return null;
        }

        _run.Create();
        _run.WriteConfig(_config);
        return new RunJournal(_run, _state.Iteration, _state.EvaluatedAt);
    }

    private void Resume(StoredCheckpoint stored)
    {
        LoadReport report = stored.Load(Content);
        Say(report);
        _progress.OnMessage(string.Create(CultureInfo.InvariantCulture, $"Resuming from iteration {stored.State.Iteration} of {_config.Train.Iterations}."));
        if (stored.Config is { } before && ResumeChanges.Describe(before, _config) is { } changes)
        {
            _progress.OnMessage(changes);
        }

        _state = BestWeights.Restore(_run, Judged, stored.State, _task.Metadata);
        if (_state.Images < 0)
        {
            TrainSettings saved = (stored.Config ?? _config).Train;
            _state = _state with { Images = (long)_state.Iteration * saved.Batch * saved.Accumulate };
        }

        _savedAt = _state.Iteration;
        _step.LossScale = _state.LossScale;
        if (_average is null)
        {
            _state = _state with { AverageUpdates = 0 };
        }

        if (_stopping is null)
        {
            _state = _state with { Stop = StopCount.None };
        }
    }

    private EvaluationOutcome Evaluate(RunJournal? log, CancellationToken cancellation)
    {
        FiniteWeights.Require(_model, _state.Iteration);
        CudaSettings.ForManySizes();
        EvaluationOutcome result;
        try
        {
            result = _task.Evaluate(Judged, _device, cancellation);
        }
        finally
        {
            EnterTraining();
        }

        double score = result.Score;
        bool best = _state.BestIteration == 0 || double.IsNaN(_state.BestScore) || score > _state.BestScore;
        _state = _state with
        {
            EvaluatedAt = _state.Iteration,
            BestScore = best ? score : _state.BestScore,
            BestIteration = best ? _state.Iteration : _state.BestIteration,
            Stop = _stopping?.After(_state.Stop, score) ?? _state.Stop,
        };

        if (log is not null)
        {
            _task.Record(result, _state.Iteration, log, _run);
        }

        SaveCheckpoint(log);
        if (best && _ranks.IsMain)
        {
            BestWeights.Write(_run, Judged, _state, _task.Metadata);
        }

        WriteReport();
        _progress.OnEvaluation(new EvaluationStatus(_state.Iteration, result.Figures, result.Images, result.Seconds, best));
        return result;
    }

    private void WriteReport()
    {
        if (!_ranks.IsMain)
        {
            return;
        }

        _run.WriteRunInfo(_about, ModelLayout.CountParameters(_model.Config), _state.Seconds, Ending());
        Report.Write(_run.Path);
    }

    private void SaveCheckpoint(RunJournal? log)
    {
        if (log is not null)
        {
            _saveFailed = true;
            log.Flush();
            _checkpoints.Save(Content, _state);
            _saveFailed = false;
        }

        _savedAt = _state.Iteration;
    }
}
