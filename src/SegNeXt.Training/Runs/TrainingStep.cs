using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>One update of the weights: batches, forward, loss, backward, AdamW at the schedule's rate.</summary>
internal sealed class TrainingStep
{
    private readonly TrainSettings _train;
    private readonly int _seed;
    private readonly SegmentationModel _model;
    private readonly ISegmentationLoss _loss;
    private readonly AdamW _optimizer;
    private readonly Generator _generator;
    private readonly Device _device;
    private readonly PolySchedule _schedule;
    private readonly double[] _baseRates;

    /// <summary>Prepares the steps of a run.</summary>
    /// <param name="config">The run's configuration.</param>
    /// <param name="model">The network, on the device.</param>
    /// <param name="loss">What it learns by.</param>
    /// <param name="optimizer">The optimiser over its parameters, at the base rates.</param>
    /// <param name="generator">The one that the network draws from; it is seeded anew for every iteration.</param>
    /// <param name="device">Where the network lives.</param>
    public TrainingStep(RunConfig config, SegmentationModel model, ISegmentationLoss loss, AdamW optimizer, Generator generator, Device device)
    {
        _train = config.Train;
        _seed = config.Seed;
        _model = model;
        _loss = loss;
        _optimizer = optimizer;
        _generator = generator;
        _device = device;
        _schedule = config.Train.CreateSchedule();
        _baseRates = [.. optimizer.Groups.Select(group => group.LearningRate)];
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
    /// <returns>The loss, where it is wanted.</returns>
    /// <exception cref="InputException">A batch cannot be loaded, or the loss is no number any more.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended; the weights are as before.</exception>
    public double? Run(int iteration, DataLoader loader, StepMeter meter, bool readLoss, CancellationToken cancellation)
    {
        _generator.ManualSeed(Seeds.For(_seed, "model", iteration));
        for (int g = 0; g < _baseRates.Length; g++)
        {
            _optimizer.Groups[g].LearningRate = _schedule.Rate(iteration, _baseRates[g]);
        }

        double sum = 0;
        _optimizer.ZeroGrad();
        for (int part = 0; part < _train.Accumulate; part++)
        {
            long waiting = Stopwatch.GetTimestamp();
            // Once a part has been through the network, batch norm has counted it: only the first wait may be given up.
            Batch batch = loader.Next(part == 0 ? cancellation : CancellationToken.None);
            IsWhole = false;
            meter.AddData(Stopwatch.GetElapsedTime(waiting).TotalSeconds);
            using TensorScope scope = new();
            Tensor loss = Loss(batch) * (1.0 / _train.Accumulate);
            loader.Return(batch);
            loss.Backward();
            if (readLoss)
            {
                sum += loss.Item();
            }
        }

        if (readLoss && !double.IsFinite(sum))
        {
            throw new InputException($"The loss is {sum} at iteration {iteration + 1}, and the weights are of no use from here on; try a lower train.lr, or train.clip_norm.");
        }

        if (_train.ClipNorm is { } limit)
        {
            GradClip.Norm(_optimizer.Groups.Select(group => group.Parameter).ToArray(), limit);
        }

        _optimizer.Step();
        IsWhole = true;
        meter.AddStep();
        return readLoss ? sum : null;
    }

    private Tensor Loss(Batch batch)
    {
        Tensor x = Tensor.FromArray<float>(batch.Images.AsSpan(0, batch.Count * 3 * batch.Height * batch.Width), [batch.Count, 3, batch.Height, batch.Width]).To(_device);
        if (_train.ChannelsLast)
        {
            x = x.To(MemoryFormat.ChannelsLast);
        }

        Tensor labels = Tensor.FromArray<byte>(batch.Labels.AsSpan(0, batch.Count * batch.Height * batch.Width), [batch.Count, batch.Height, batch.Width])
            .To(_device).To(ScalarType.Int64);
        return _loss.Forward(_model.Forward(x), labels);
    }
}
