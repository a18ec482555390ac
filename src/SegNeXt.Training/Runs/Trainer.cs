using System.Diagnostics;
using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// Trains a segmentation model or, where the configuration has a section <c>pretrain</c>, an image classifier: batches from the loader, a loss, an optimiser with the official groups, warm-up and
/// poly, evaluations, checkpoints and logs. All randomness of iteration i comes from the run's seed and i alone, so a
/// resumed run goes on as if it had not stopped.
/// </summary>
/// <remarks>Settings: paper, Section 4 and appendix Table 1; <c>IterBasedRunner</c> of mmcv for the order of things.</remarks>
public sealed partial class Trainer : IDisposable
{
    private readonly RunConfig _config;
    private readonly RunFolder _run;
    private readonly RunDescription _about;
    private readonly ITrainingProgress _progress;
    private readonly Device _device;
    private readonly TrainingTask _task;
    private readonly Generator _generator;
    private readonly Network _model;
    private readonly TrainingMode _mode;
    private readonly IOptimizer _optimizer;
    private readonly WeightAverage? _average;
    private readonly LossGuard _guard;
    private readonly TrainingStep _step;
    private readonly EarlyStopping? _stopping;
    private readonly Ranks _ranks;
    private readonly RankedStep _ranked;
    private readonly CheckpointStore _checkpoints;
    private TrainingState _state = new(0, double.NaN, 0);

    // The iteration of the last checkpoint, -1 for none.
    private int _savedAt = -1;

    // Whether a checkpoint could not be written: another attempt would fail the same way.
    private bool _saveFailed;

    /// <summary>Opens the data, builds the model and, when resuming, loads the last checkpoint.</summary>
    /// <param name="config">The resolved configuration.</param>
    /// <param name="run">The run's folder.</param>
    /// <param name="about">The command, device and versions, for the report.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="resume">Whether to go on from <c>last/</c>, or from the checkpoint before it where that is damaged.</param>
    /// <param name="progress">Who is told.</param>
    /// <param name="ranks">The processes that train together, each with a trainer; null for this one alone. Rank 0's folder is the run's; the others write nothing.</param>
    /// <exception cref="InputException">The data, the weights to start from or the checkpoints cannot be used.</exception>
    public Trainer(RunConfig config, RunFolder run, RunDescription about, Device device, bool resume, ITrainingProgress progress, Ranks? ranks = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(progress);
        config.Train.Precision.Require(device, "train.precision");
        CudaSettings.Apply(config.Train.Tf32);
        BatchNormRule.Require(config.Train, (config.Model with { Classes = null }).ToModelConfig(1));
        _run = run;
        _about = about;
        _device = device;
        _progress = progress;
        _ranks = ranks ?? Ranks.Alone;
        bool reads = _ranks.IsMain;
        InitialWeights.Require(resume || !reads ? null : config.Model.Init);
        _checkpoints = new CheckpointStore(run.Path);
        StoredCheckpoint? stored = resume && reads ? _checkpoints.Open(progress.OnMessage) : null;
        _task = TrainingTask.Open(config, progress, _ranks);
        _config = config = _task.Config;
        _generator = new Generator(unchecked((ulong)config.Seed));
        stored?.RequireModel(_task.Model);
        _model = Network.Create(_task.Model, _generator);
        _model.ActivationCheckpointing = config.Train.ActivationCheckpointing;
        _model.Kernels = config.Train.Kernels;
        if (config.Model.Init is { } weights && !resume && reads)
        {
            Say(ModelLoader.Initialise(_model, weights));
        }

        if (config.Train.Precision != Precision.Fp32 && !device.IsCuda && config.Train.Kernels == KernelChoice.Fused)
        {
            progress.OnMessage($"train.precision {config.Train.Precision.Name()}: on the CPU libtorch computes it, without this program's own kernels; fp32 with them takes less time.");
        }

        if (config.Train.FastDecode)
        {
            progress.OnMessage("train.fast_decode: JPEGs that are shrunk to a half or less are decoded at a part of their size; those samples differ a little from the exact pipeline's, and nothing is cached.");
        }

        MemoryFormat format = config.Train.ChannelsLast ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
        _model.To(device);
        _model.To(format);
        _mode = new TrainingMode(_model, config.Train);
        _optimizer = OptimizerGroups.CreateOptimizer(_model, config.Train);
        _average = config.Train.Ema is { } decay ? new WeightAverage(_model, device, format, decay) : null;
        _guard = new LossGuard(_task.FileOf, device, progress.OnMessage);
        _task.PrepareLoss();
        _ranked = new RankedStep(_ranks, _model, _optimizer.Groups.Select(group => group.Parameter), _generator, config.Train.Batch);
        _step = new TrainingStep(_task, _model, _optimizer, _generator, device, _average, _guard, ranks: _ranked);
        _stopping = EarlyStopping.Of(config.Train, _task.Figure);
        if (stored is not null)
        {
            Resume(stored);
        }
        _state = CommonStart.Share(_ranks, Content, _state);
        _savedAt = resume ? _state.Iteration : _savedAt;
    }

    /// <summary>The network.</summary>
    public Network Model => _model;

    /// <summary>Trains to the last iteration, or until early stopping ends the run.</summary>
    /// <param name="cancellation">Stops after the iteration under way; the state is saved before the exception.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; <c>last/</c> holds the state.</exception>
    /// <exception cref="InputException">
    /// Data in the middle of the run (the state is saved first), the disk, or a loss that is no number any more.
    /// </exception>
    public TrainingSummary Run(CancellationToken cancellation)
    {
        bool owesEvaluation = _state.Iteration > 0 && IsEvaluated(_state.Iteration) && _state.EvaluatedAt != _state.Iteration;
        if (!owesEvaluation && IsOver())
        {
            _progress.OnMessage(Ending() ?? string.Create(CultureInfo.InvariantCulture, $"The run is finished: {_state.Iteration} of {_config.Train.Iterations} iterations are done."));
            WriteReport();
            return Summary(null);
        }

        RunConfig config = _config;
        foreach (string remark in _mode.Describe(random: config.Model.Init is null))
        {
            _progress.OnMessage(remark);
        }

        EnterTraining();
        RequireMemory();
        _ranked.Connect();
        using DataLoader loader = _task.Loader(_state, _progress, cancellation);
        using RunJournal? log = OpenFolder();
        var meter = new StepMeter(config.Train.Batch * config.Train.Accumulate);
        double secondsBefore = _state.Seconds;
        long start = Stopwatch.GetTimestamp();
        EvaluationOutcome? last = null;
        try
        {
            if (owesEvaluation)
            {
                // The run stopped in the middle of it.
                last = Evaluate(log, cancellation);
            }

            while (!IsOver())
            {
                if (!_ranks.IsTogether)
                {
                    // Together they agree on it in the step.
                    cancellation.ThrowIfCancellationRequested();
                }

                int done = _state.Iteration + 1;
                bool final = done == config.Train.Iterations;
                bool report = final || done % config.Log.Interval == 0;
                bool save = final || done % config.Checkpoint.Interval == 0;
                double? loss = _step.Run(done - 1, loader, meter, report || save || IsEvaluated(done), cancellation);
                _state = _state with { Iteration = done, Images = _state.Images + ((long)config.Train.Batch * config.Train.Accumulate), Seconds = secondsBefore + Stopwatch.GetElapsedTime(start).TotalSeconds, AverageUpdates = _average?.Updates ?? 0, LossScale = _step.LossScale };
                if (report)
                {
                    Tell(log, meter.Take(), loss!.Value);
                }

                if (IsEvaluated(done))
                {
                    last = Evaluate(log, cancellation);
                    meter.Restart();
                }
                else if (save)
                {
                    SaveCheckpoint(log);
                    meter.Restart();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Wherever it stopped, the weights are those of a whole number of iterations.
            SaveCheckpoint(log);
            throw;
        }
        catch (TorchException e) when (_ranks.IsOfOthers(e))
        {
            RankLostException lost = _ranks.Lost(e);
            throw new RankLostException(_savedAt < 0 ? lost.Message : $"{lost.Message.TrimEnd('.')}; the checkpoint of iteration {_savedAt} stays, --resume goes on from it.", lost) { IsTold = lost.IsTold };
        }
        catch (RankLostException e) when (!_ranks.IsMain || !_step.IsWhole)
        {
            throw new RankLostException(e.Message, e) { IsTold = true };
        }
        catch (InputException e) when (!_step.IsWhole && _savedAt >= 0)
        {
            // The weights are of no use any more, or half a step ahead of their state.
            throw new InputException($"{e.Message.TrimEnd('.')}; the checkpoint of iteration {_savedAt} stays.", e);
        }
        catch (InputException e) when (_step.IsWhole && !_saveFailed && _state.Iteration > 0)
        {
            SaveCheckpoint(log);
            throw new InputException($"{e.Message.TrimEnd('.')}; the state of iteration {_state.Iteration} is saved, --resume goes on from it.", e);
        }

        if (Ending() is { } reason)
        {
            _progress.OnMessage(reason);
        }

        WriteReport();
        return Summary(last);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ranked.Dispose();
        _guard.Dispose();
        _average?.Dispose();
        _optimizer.Dispose();
        _model.Dispose();
        _generator.Dispose();
    }

    private void EnterTraining()
    {
        _mode.Enter();
        if (_device.IsCuda)
        {
            CudaSettings.ForOneSize(_config.Train.Deterministic);
        }
    }

    /// <summary>On a GPU libtorch says itself when memory is short.</summary>
    private void RequireMemory()
    {
        if (_device.Type == DeviceType.Cpu)
        {
            // What the processes of this host take together.
            long step = _task.StepMemory(_model, _generator) * _ranks.LocalSize;
            TrainSettings loaded = _config.Train with { Batch = _ranks.Share(_config.Train.Batch).Count * _ranks.LocalSize };
            if (MemoryRule.Check(step, MemoryRule.OfLoader(loaded), AvailableMemory.Bytes()) is { } warning)
            {
                _progress.OnMessage(warning);
            }
        }
    }

    private bool IsEvaluated(int iteration) =>
        _task.ValidationCount > 0 && (iteration == _config.Train.Iterations || iteration % _config.Eval.Interval == 0);

    private bool IsOver() => _state.Iteration >= _config.Train.Iterations || _stopping?.IsOver(_state.Stop) == true;

    /// <summary>Why the run ended before its last iteration; null where it did not.</summary>
    private string? Ending() => _state.Iteration < _config.Train.Iterations && _stopping?.IsOver(_state.Stop) == true ? _stopping.Reason(_state) : null;

    private TrainingSummary Summary(EvaluationOutcome? last) => new(_state.Iteration, _state.BestScore, last, _state.Seconds, Ending()) { Planned = _config.Train.Iterations };

    private void Tell(RunJournal? log, StepMeter.Reading reading, double loss)
    {
        int left = _config.Train.Iterations - _state.Iteration;
        log?.Iteration(_state.Iteration, loss, _step.LearningRate, reading);
        _progress.OnIteration(new TrainingStatus(
            _state.Iteration, _config.Train.Iterations, loss, _step.LearningRate, reading.ImagesPerSecond, TimeSpan.FromSeconds(reading.SecondsPerStep * left), reading.DataSeconds));
    }

    private void Say(LoadReport report)
    {
        _progress.OnMessage(report.ToString());
        foreach (string note in report.Skipped.Concat(report.Notes))
        {
            _progress.OnMessage(note);
        }
    }
}
