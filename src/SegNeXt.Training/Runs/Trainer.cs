using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// Trains a segmentation model: batches from the loader, a loss, AdamW with the official groups, warm-up and
/// poly, evaluations, checkpoints and logs. All randomness of iteration i comes from the run's seed and i alone, so a
/// resumed run goes on as if it had not stopped.
/// </summary>
/// <remarks>Settings: paper, Section 4 and appendix Table 1; <c>IterBasedRunner</c> of mmcv for the order of things.</remarks>
public sealed class Trainer : IDisposable
{
    private readonly RunConfig _config;
    private readonly RunFolder _run;
    private readonly RunDescription _about;
    private readonly ITrainingProgress _progress;
    private readonly Device _device;
    private readonly ISegmentationDataSet _trainData;
    private readonly ISegmentationDataSet _valData;
    private readonly Generator _generator;
    private readonly SegmentationModel _model;
    private readonly AdamW _optimizer;
    private readonly TrainingStep _step;
    private readonly CheckpointStore _checkpoints;
    private TrainingState _state = new(0, double.NaN, 0);

    // Whether a checkpoint could not be written: another attempt would fail the same way.
    private bool _saveFailed;

    /// <summary>Opens the data, builds the model and, when resuming, loads the last checkpoint.</summary>
    /// <param name="config">The resolved configuration.</param>
    /// <param name="run">The run's folder.</param>
    /// <param name="about">The command, device and versions, for the report.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="resume">Whether to go on from <c>last/</c>.</param>
    /// <param name="progress">Who is told.</param>
    /// <exception cref="InputException">The data, the weights to start from or the checkpoint cannot be used.</exception>
    public Trainer(RunConfig config, RunFolder run, RunDescription about, Device device, bool resume, ITrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(progress);
        _config = config;
        _run = run;
        _about = about;
        _device = device;
        _progress = progress;
        InitialWeights.Require(resume ? null : config.Model.Init);
        (_trainData, _valData) = TrainingData.Open(config);
        _generator = new Generator(unchecked((ulong)config.Seed));
        ModelConfig modelConfig = TrainingData.ModelConfigFor(config, _trainData.Classes);
        _model = new SegmentationModel(modelConfig, _generator) { ActivationCheckpointing = config.Train.ActivationCheckpointing };
        if (config.Model.Init is { } weights && !resume)
        {
            LoadReport report = ModelLoader.Initialise(_model, weights);
            progress.OnMessage(report.ToString());
            foreach (string note in report.Skipped.Concat(report.Notes))
            {
                progress.OnMessage(note);
            }
        }

        if (config.Train.FastDecode)
        {
            progress.OnMessage("train.fast_decode: JPEGs that are shrunk to a half or less are decoded at a part of their size; those samples differ a little from the exact pipeline's, and nothing is cached.");
        }

        _model.To(device);
        if (config.Train.ChannelsLast)
        {
            _model.To(MemoryFormat.ChannelsLast);
        }

        ParameterGroup[] groups = OptimizerGroups.Create(_model, config.Train);
        _optimizer = new AdamW(groups, config.Train.Betas.First, config.Train.Betas.Second);
        ISegmentationLoss loss = SegmentationLoss.Create(config.Train.Loss, ClassFrequencies.Weights(config.Train.Loss.ClassWeights, _trainData));
        _step = new TrainingStep(config, _model, loss, _optimizer, _generator, device);
        _checkpoints = new CheckpointStore(run.Path);
        if (resume)
        {
            (_state, LoadReport report) = _checkpoints.Load(_model, modelConfig, _optimizer);
            progress.OnMessage(report.ToString());
            progress.OnMessage($"Resuming from iteration {_state.Iteration} of {config.Train.Iterations}.");
        }
    }

    /// <summary>The network.</summary>
    public SegmentationModel Model => _model;

    /// <summary>Trains to the last iteration.</summary>
    /// <param name="cancellation">Stops after the iteration under way; the state is saved before the exception.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; <c>last/</c> holds the state.</exception>
    /// <exception cref="InputException">
    /// Data in the middle of the run (the state is saved first), the disk, or a loss that is no number any more.
    /// </exception>
    public TrainingSummary Run(CancellationToken cancellation)
    {
        RunConfig config = _config;
        int accumulate = config.Train.Accumulate;
        using DataLoader loader = TrainingData.Loader(config, _trainData, _model.Config, startBatch: (long)_state.Iteration * accumulate);
        _run.Create();
        _run.WriteConfig(config);
        bool owesEvaluation = _state.Iteration > 0 && IsEvaluated(_state.Iteration) && !RunJournal.HasEvaluation(_run, _state.Iteration);
        using RunJournal log = new(_run, _state.Iteration);
        var meter = new StepMeter(config.Train.Batch * accumulate);
        double secondsBefore = _state.Seconds;
        long start = Stopwatch.GetTimestamp();
        EvaluationResult? last = null;
        _model.Train();
        try
        {
            if (owesEvaluation)
            {
                // The run stopped in the middle of it.
                last = Evaluate(log, cancellation);
                SaveCheckpoint();
            }

            for (int i = _state.Iteration; i < config.Train.Iterations; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                bool final = i + 1 == config.Train.Iterations;
                bool report = final || (i + 1) % config.Log.Interval == 0;
                double? loss = _step.Run(i, loader, meter, report, cancellation);
                _state = _state with { Iteration = i + 1, Seconds = secondsBefore + Stopwatch.GetElapsedTime(start).TotalSeconds };
                if (loss is { } value)
                {
                    Tell(log, meter.Take(), value, i);
                }

                if (IsEvaluated(i + 1))
                {
                    last = Evaluate(log, cancellation);
                    meter.Restart();
                }

                if (final || (i + 1) % config.Checkpoint.Interval == 0)
                {
                    SaveCheckpoint();
                    meter.Restart();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Wherever it stopped, the weights are those of a whole number of iterations.
            SaveCheckpoint();
            throw;
        }
        catch (InputException e) when (_step.IsWhole && !_saveFailed && _state.Iteration > 0)
        {
            SaveCheckpoint();
            throw new InputException($"{e.Message.TrimEnd('.')}; the state of iteration {_state.Iteration} is saved, --resume goes on from it.", e);
        }

        WriteReport();
        return new TrainingSummary(_state.Iteration, _state.BestMeanIoU, last, _state.Seconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
        _generator.Dispose();
    }

    private bool IsEvaluated(int iteration) =>
        _valData.Count > 0 && (iteration == _config.Train.Iterations || iteration % _config.Eval.Interval == 0);

    private void Tell(RunJournal log, StepMeter.Reading reading, double loss, int iteration)
    {
        double rate = _step.LearningRate;
        log.Iteration(iteration + 1, loss, rate, reading);
        TimeSpan left = TimeSpan.FromSeconds(reading.SecondsPerStep * (_config.Train.Iterations - iteration - 1));
        _progress.OnIteration(new TrainingStatus(iteration + 1, _config.Train.Iterations, loss, rate, reading.ImagesPerSecond, left, reading.DataSeconds));
    }

    private EvaluationResult Evaluate(RunJournal log, CancellationToken cancellation)
    {
        using TorchSegmenter engine = new(_model, _device, ownsModel: false);
        TestTimeSegmenter segmenter = new(engine, _config.ToTestOptions());
        EvaluationSamples samples = new(_valData);
        EvaluationResult result = Evaluator.Run(segmenter, _valData, samples.Take, cancellation);
        _model.Train();
        bool best = !(result.Metrics.MIoU <= _state.BestMeanIoU);
        if (best)
        {
            _state = _state with { BestMeanIoU = result.Metrics.MIoU };
            ModelState.Save(_run.BestWeights, _model, _model.Config);
        }

        log.Evaluation(_state.Iteration, result, _valData.Classes, samples);
        _run.WriteEvaluation(result, _valData.Classes, samples);
        WriteReport();
        _progress.OnEvaluation(new EvaluationStatus(_state.Iteration, result.Metrics.MIoU, result.Metrics.AAcc, result.Metrics.MAcc, result.Images, result.Seconds, best));
        return result;
    }

    private void WriteReport()
    {
        _run.WriteRunInfo(_about, ModelLayout.CountParameters(_model.Config), _state.Seconds);
        Report.Write(_run.Path);
    }

    private void SaveCheckpoint()
    {
        _saveFailed = true;
        _checkpoints.Save(_model, _model.Config, _optimizer, _state);
        _saveFailed = false;
    }
}
