using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>The outcome of a run.</summary>
/// <param name="Iterations">Iterations done.</param>
/// <param name="BestMeanIoU">Best validation mIoU, NaN when none was evaluated.</param>
/// <param name="Last">The last evaluation, or null.</param>
/// <param name="Seconds">Seconds trained, resumed parts included.</param>
public sealed record TrainingSummary(int Iterations, double BestMeanIoU, EvaluationResult? Last, double Seconds);

/// <summary>
/// Trains a segmentation model: batches from the loader, cross entropy, AdamW with the official groups, warm-up and
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
    private readonly double[] _baseRates;
    private readonly PolySchedule _schedule;
    private readonly CheckpointStore _checkpoints;
    private TrainingState _state = new(0, double.NaN, 0);

    // Whether the weights are those of a whole number of iterations, fit to be saved.
    private bool _isWhole = true;

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
        (_trainData, _valData) = TrainingData.Open(config);
        _generator = new Generator(unchecked((ulong)config.Seed));
        ModelConfig modelConfig = TrainingData.ModelConfigFor(config, _trainData.Classes);
        _model = new SegmentationModel(modelConfig, _generator);
        if (config.Model.Init is { } weights && !resume)
        {
            LoadReport report = ModelLoader.Initialise(_model, weights);
            progress.OnMessage(report.ToString());
            foreach (string note in report.Skipped.Concat(report.Notes))
            {
                progress.OnMessage(note);
            }
        }

        _model.To(device);
        if (config.Train.ChannelsLast)
        {
            _model.To(MemoryFormat.ChannelsLast);
        }

        ParameterGroup[] groups = OptimizerGroups.Create(_model, config.Train);
        _optimizer = new AdamW(groups, config.Train.Betas.First, config.Train.Betas.Second);
        _baseRates = [.. groups.Select(group => group.LearningRate)];
        _schedule = config.Train.CreateSchedule();
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
                last = Evaluate(log, _state.Iteration == config.Train.Iterations, cancellation);
                SaveCheckpoint();
            }

            for (int i = _state.Iteration; i < config.Train.Iterations; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                bool final = i + 1 == config.Train.Iterations;
                bool report = final || (i + 1) % config.Log.Interval == 0;
                double? loss = Step(i, loader, meter, report, cancellation);
                _state = _state with { Iteration = i + 1, Seconds = secondsBefore + Stopwatch.GetElapsedTime(start).TotalSeconds };
                if (loss is { } value)
                {
                    Tell(log, meter.Take(), value, i);
                }

                if (IsEvaluated(i + 1))
                {
                    last = Evaluate(log, final, cancellation);
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
        catch (InputException e) when (_isWhole && _state.Iteration > 0)
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

    /// <summary>One update of the weights; gives the loss when asked to, since reading it waits for the device.</summary>
    private double? Step(int iteration, DataLoader loader, StepMeter meter, bool readLoss, CancellationToken cancellation)
    {
        TrainSettings train = _config.Train;
        _generator.ManualSeed(Seeds.For(_config.Seed, "model", iteration));
        for (int g = 0; g < _baseRates.Length; g++)
        {
            _optimizer.Groups[g].LearningRate = _schedule.Rate(iteration, _baseRates[g]);
        }

        double sum = 0;
        _optimizer.ZeroGrad();
        for (int part = 0; part < train.Accumulate; part++)
        {
            long waiting = Stopwatch.GetTimestamp();
            // Once a part has been through the network, batch norm has counted it: only the first wait may be given up.
            Batch batch = loader.Next(part == 0 ? cancellation : CancellationToken.None);
            _isWhole = false;
            meter.AddData(Stopwatch.GetElapsedTime(waiting).TotalSeconds);
            using TensorScope scope = new();
            Tensor loss = Loss(batch) * (1.0 / train.Accumulate);
            loader.Return(batch);
            loss.Backward();
            if (readLoss)
            {
                sum += loss.Item();
            }
        }

        if (readLoss && !double.IsFinite(sum))
        {
            string saved = _checkpoints.Exists ? $" ({_run.Path}/last holds the last checkpoint)" : "";
            throw new InputException($"The loss is {sum} at iteration {iteration + 1}, and the weights are of no use from here on{saved}; try a lower train.lr, or train.clip_norm.");
        }

        if (train.ClipNorm is { } limit)
        {
            GradClip.Norm(_optimizer.Groups.Select(group => group.Parameter).ToArray(), limit);
        }

        _optimizer.Step();
        _isWhole = true;
        meter.AddStep();
        return readLoss ? sum : null;
    }

    private Tensor Loss(Batch batch)
    {
        Tensor x = Tensor.FromArray<float>(batch.Images.AsSpan(0, batch.Count * 3 * batch.Height * batch.Width), [batch.Count, 3, batch.Height, batch.Width]).To(_device);
        if (_config.Train.ChannelsLast)
        {
            x = x.To(MemoryFormat.ChannelsLast);
        }

        Tensor labels = Tensor.FromArray<byte>(batch.Labels.AsSpan(0, batch.Count * batch.Height * batch.Width), [batch.Count, batch.Height, batch.Width])
            .To(_device).To(ScalarType.Int64);
        return SegmentationLoss.CrossEntropy(_model.Forward(x), labels, _config.Train.LossAverage);
    }

    private void Tell(RunJournal log, StepMeter.Reading reading, double loss, int iteration)
    {
        double rate = _optimizer.Groups[0].LearningRate;
        log.Iteration(iteration + 1, loss, rate, reading);
        TimeSpan left = TimeSpan.FromSeconds(reading.SecondsPerStep * (_config.Train.Iterations - iteration - 1));
        _progress.OnIteration(new TrainingStatus(iteration + 1, _config.Train.Iterations, loss, rate, reading.ImagesPerSecond, left, reading.DataSeconds));
    }

    private EvaluationResult Evaluate(RunJournal log, bool final, CancellationToken cancellation)
    {
        using TorchSegmenter engine = new(_model, _device, ownsModel: false);
        TestTimeSegmenter segmenter = new(engine, _config.ToTestOptions());
        SampleWriter samples = new(_run, _valData);
        EvaluationResult result = Evaluator.Run(segmenter, _valData, final ? samples.Take : null, cancellation);
        _model.Train();
        bool best = !(result.Metrics.MIoU <= _state.BestMeanIoU);
        if (best)
        {
            _state = _state with { BestMeanIoU = result.Metrics.MIoU };
            ModelState.Save(_run.BestWeights, _model, _model.Config);
        }

        log.Evaluation(_state.Iteration, result);
        _run.WriteEvaluation(result, _valData.Classes);
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
        // Not a second time where the first attempt fails.
        _isWhole = false;
        _checkpoints.Save(_model, _model.Config, _optimizer, _state);
        _isWhole = true;
    }
}
