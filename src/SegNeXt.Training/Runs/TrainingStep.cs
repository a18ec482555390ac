using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>One update of the weights: batches, forward, loss, backward, the optimiser at the schedule's rate.</summary>
internal sealed class TrainingStep
{
    private readonly TrainSettings _train;
    private readonly int _seed;
    private readonly Network _model;
    private readonly TrainingTask _task;
    private readonly IOptimizer _optimizer;
    private readonly Generator _generator;
    private readonly Device _device;
    private readonly ILearningRateSchedule _schedule;
    private readonly double[] _baseRates;
    private readonly Tensor[] _parameters;
    private readonly WeightAverage? _average;
    private readonly LossGuard _guard;
    private readonly MixedPrecision _precision;
    private readonly RankedStep _ranks;

    /// <summary>Prepares the steps of a run.</summary>
    /// <param name="task">What is learned.</param>
    /// <param name="model">The network, on the device.</param>
    /// <param name="optimizer">The optimiser over its parameters, at the base rates.</param>
    /// <param name="generator">The one that the network draws from; it is seeded anew for every iteration.</param>
    /// <param name="device">Where the network lives.</param>
    /// <param name="average">Follows the weights, or null.</param>
    /// <param name="guard">Looks at every loss.</param>
    /// <param name="precision">Scales the loss; as the settings say unless given.</param>
    /// <param name="ranks">The step's part that concerns other processes; null for none.</param>
    public TrainingStep(
        TrainingTask task,
        Network model,
        IOptimizer optimizer,
        Generator generator,
        Device device,
        WeightAverage? average,
        LossGuard guard,
        MixedPrecision? precision = null,
        RankedStep? ranks = null)
    {
        _task = task;
        _train = task.Config.Train;
        _seed = task.Config.Seed;
        _model = model;
        _optimizer = optimizer;
        _generator = generator;
        _device = device;
        _schedule = _train.CreateSchedule();
        _baseRates = [.. optimizer.Groups.Select(group => group.LearningRate)];
        _parameters = [.. optimizer.Groups.Select(group => group.Parameter)];
        _average = average;
        _guard = guard;
        _ranks = ranks ?? new RankedStep(Ranks.Alone, model, [], generator, _train.Batch);
        _precision = precision ?? new MixedPrecision(_train.Precision);
    }

    /// <summary>The factor of the loss in half precision, and what it remembers.</summary>
    public LossScale LossScale
    {
        get => _precision.Scale;
        set => _precision.Scale = value;
    }

    /// <summary>Whether the weights are those of a whole number of iterations, fit to be saved.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>The first group's rate in the step last done.</summary>
    public double LearningRate => _optimizer.Groups[0].LearningRate;

    /// <summary>Does a step.</summary>
    /// <param name="iteration">Its number, from 0.</param>
    /// <param name="loader">Gives the batches.</param>
    /// <param name="meter">Is told of the time spent.</param>
    /// <param name="readLoss">Whether the loss is wanted; reading it waits for the device.</param>
    /// <param name="cancellation">Ends the wait for the first batch.</param>
    /// <returns>The loss, where it is wanted or was looked at anyway.</returns>
    /// <exception cref="InputException">A batch cannot be loaded, or the loss or, where it is limited, the gradient's norm is no number any more: the step is not done then.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended; the weights are as before.</exception>
    public double? Run(int iteration, DataLoader loader, StepMeter meter, bool readLoss, CancellationToken cancellation)
    {
        _generator.ManualSeed(Seeds.For(_seed, "model", iteration));
        for (int g = 0; g < _baseRates.Length; g++)
        {
            _optimizer.Groups[g].LearningRate = _schedule.Rate(iteration, _baseRates[g]);
        }

        _optimizer.ZeroGrad();
        for (int part = 0; part < _train.Accumulate; part++)
        {
            long waiting = Stopwatch.GetTimestamp();
            // Once a part has been through the network, batch norm has counted it: only the first wait may be given up.
            Batch batch = part == 0 ? _ranks.First(loader, cancellation) : loader.Next(CancellationToken.None);
            IsWhole = false;
            meter.AddData(Stopwatch.GetElapsedTime(waiting).TotalSeconds);
            using TensorScope scope = new();
            Tensor loss = Loss(batch) * (_ranks.LossFactor / _train.Accumulate);
            _ranks.BeforeBackward(loss, last: part == _train.Accumulate - 1);
            _precision.Backward(loss);
            _guard.Add(iteration, batch, LearningRate, loss);
            loader.Return(batch);
        }

        double? sum = readLoss || _guard.IsDue(iteration) ? _ranks.Loss(_guard.Read) : null;
        bool usable = _precision.Unscale(_parameters);
        if (_precision.IsHopeless)
        {
            _guard.Read();
            throw _guard.GradientFault(double.PositiveInfinity);
        }

        if (usable && _train.ClipNorm is { } limit && GradClip.Norm(_parameters, limit) is double norm && !double.IsFinite(norm))
        {
            throw _guard.GradientFault(norm);
        }

        if (usable)
        {
            _optimizer.Step();
            _average?.Update();
        }

        IsWhole = true;
        meter.AddStep();
        return sum;
    }

    private Tensor Loss(Batch batch)
    {
        _task.Prepare(batch);
        Tensor x = Tensor.FromArray<float>(batch.Images.AsSpan(0, batch.Count * 3 * batch.Height * batch.Width), [batch.Count, 3, batch.Height, batch.Width], _device);
        return _task.Loss(_model, _train.ChannelsLast ? x.To(MemoryFormat.ChannelsLast) : x, batch);
    }
}
