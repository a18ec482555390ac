using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// An exponential moving average of a network's weights and batch-norm statistics, which often evaluates better than
/// the weights themselves: after each step <c>a ← d·a + (1 − d)·w</c> with <c>d = min(decay, (1 + t)/(10 + t))</c> at
/// the t-th step, so that the random weights of the beginning are soon forgotten.
/// </summary>
/// <remarks>The growing decay is that of <c>tf.train.ExponentialMovingAverage</c> with <c>num_updates</c>.</remarks>
public sealed class WeightAverage : IDisposable
{
    private readonly Generator _generator = new(0);
    private readonly double _decay;
    private readonly (Tensor Average, Tensor Weight)[] _pairs;

    /// <summary>Starts with the network's present weights.</summary>
    /// <param name="source">The network that is trained, on its device and in its memory layout; stays its owner's.</param>
    /// <param name="device">That device.</param>
    /// <param name="format">That layout.</param>
    /// <param name="decay">The decay in the long run, 0 to below 1.</param>
    public WeightAverage(Network source, Device device, MemoryFormat format, double decay)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(decay, 1.0);
        _decay = decay;
        Model = Network.Create(source.Config, _generator);
        Model.To(device);
        Model.To(format);
        Model.Eval();
        foreach ((_, Tensor parameter) in Model.NamedParameters())
        {
            parameter.RequiresGrad_(false);
        }

        _pairs = [.. Model.StateTensors().Zip(source.StateTensors(), (average, weight) => (average.Value, weight.Value))];
        Reset();
    }

    /// <summary>A network with the average weights, in evaluation mode.</summary>
    public Network Model { get; }

    /// <summary>Steps averaged so far, t.</summary>
    public long Updates { get; set; }

    /// <summary>The decay of a step.</summary>
    /// <param name="decay">The decay in the long run.</param>
    /// <param name="update">Its number t, from 1.</param>
    public static double DecayAt(double decay, long update) => Math.Min(decay, (1.0 + update) / (10.0 + update));

    /// <summary>Begins again with the network's present weights.</summary>
    public void Reset()
    {
        using GradMode noGrad = Autograd.NoGrad();
        foreach ((Tensor average, Tensor weight) in _pairs)
        {
            average.CopyFrom_(weight);
        }

        Updates = 0;
    }

    /// <summary>Takes in the weights after a step.</summary>
    public void Update()
    {
        Updates++;
        double share = 1 - DecayAt(_decay, Updates);
        using GradMode noGrad = Autograd.NoGrad();
        foreach ((Tensor average, Tensor weight) in _pairs)
        {
            if (average.Type != ScalarType.Int64)
            {
                average.Lerp_(weight, share);
            }
            else
            {
                // The number of batches that a batch norm has seen.
                average.CopyFrom_(weight);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        _generator.Dispose();
    }
}
