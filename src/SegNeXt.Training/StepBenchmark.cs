using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Times of one operation over several runs, in milliseconds.</summary>
/// <param name="MedianMs">The median.</param>
/// <param name="P95Ms">The 95th percentile.</param>
public sealed record Timing(double MedianMs, double P95Ms)
{
    /// <summary>Summarises measured times.</summary>
    /// <param name="milliseconds">At least one.</param>
    public static Timing Of(IReadOnlyList<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Timing(median, sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * 0.95))]);
    }
}

/// <summary>What a training step was found to take.</summary>
/// <param name="Step">Its times.</param>
/// <param name="DevicePeakBytes">On a GPU, what libtorch had of its memory at most.</param>
public sealed record StepTimes(Timing Step, long? DevicePeakBytes);

/// <summary>What a training step is timed with.</summary>
/// <param name="Model">The model.</param>
/// <param name="Batch">Images a step.</param>
/// <param name="Height">Rows of the crop.</param>
/// <param name="Width">Columns of the crop.</param>
/// <param name="Steps">Steps that count.</param>
/// <param name="Warmup">Fewest steps before them.</param>
/// <param name="ChannelsLast">Memory layout of maps and weights.</param>
/// <param name="Kernels">Whose kernels compute the network.</param>
/// <param name="Precision">Number format of its products.</param>
public sealed record StepBenchmarkOptions(
    ModelConfig Model,
    int Batch,
    int Height,
    int Width,
    int Steps = 10,
    int Warmup = 2,
    bool ChannelsLast = true,
    KernelChoice Kernels = KernelChoice.Libtorch,
    Precision Precision = Precision.Fp32);

/// <summary>
/// Times a training step on random pictures and labels: forward, loss at label size, backward, AdamW with the official
/// groups; the same work as <c>benchmarks/peers/train_step.py</c> does in PyTorch.
/// </summary>
public static class StepBenchmark
{
    private const double BaseRate = 6e-5;
    private const double Decay = 0.01;
    private const double HeadMultiplier = 10;

    // By then the JIT has optimised what a step runs; a training of hours spends all but its first moments so.
    private static readonly TimeSpan s_warmup = TimeSpan.FromSeconds(4);

    /// <summary>Runs the benchmark.</summary>
    /// <param name="options">What is timed.</param>
    /// <param name="device">Where.</param>
    public static StepTimes Run(StepBenchmarkOptions options, Device device)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Precision.Require(device, "--precision");
        MixedPrecision precision = new(options.Precision);
        using MemoryMeter meter = new();
        using Generator generator = new(0);
        using SegmentationModel model = new(options.Model, generator) { Kernels = options.Kernels };
        model.To(device);
        MemoryFormat format = options.ChannelsLast ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
        model.To(format);
        model.Train();
        if (device.IsCuda)
        {
            CudaSettings.ForOneSize();
        }

        Tensor[] parameters = [.. model.NamedParameters().Select(entry => entry.Value)];
        using AdamW optimizer = new([.. model.NamedParameters().Select(entry =>
        {
            (double rate, double decay, _) = ParameterGroupRules.Official(entry.Key, BaseRate, Decay, HeadMultiplier);
            return new ParameterGroup(entry.Key, entry.Value, rate, decay);
        })]);

        CrossEntropyLoss crossEntropy = new(kernels: options.Kernels);
        using TensorScope outer = new();
        Tensor x = Tensor.Normal([options.Batch, 3, options.Height, options.Width], 0, 1, generator).To(device).To(format);
        Tensor labels = Labels(options).To(device);
        var times = new List<double>();
        long first = Stopwatch.GetTimestamp();
        for (int step = 0; times.Count < options.Steps; step++)
        {
            bool counts = step >= options.Warmup && Stopwatch.GetElapsedTime(first) >= s_warmup;
            long start = Stopwatch.GetTimestamp();
            using TensorScope scope = new();
            optimizer.ZeroGrad();
            Tensor loss = crossEntropy.Forward(Logits(model, x, options.Precision), labels);
            precision.Backward(loss);
            if (precision.Unscale(parameters))
            {
                optimizer.Step();
            }

            loss.Item();
            TorchRuntime.Synchronize(device);
            if (counts)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return new StepTimes(Timing.Of(times), device.IsCuda ? meter.PeakBytes(device.Type) : null);
    }

    private static Tensor Logits(Network model, Tensor x, Precision precision)
    {
        using AutocastScope format = precision.Enter(x.Device);
        return model.Forward(x).To(ScalarType.Float32);
    }

    private static Tensor Labels(StepBenchmarkOptions options)
    {
        var ids = new long[(long)options.Batch * options.Height * options.Width];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = (i * 7919L / 64) % options.Model.NumClasses;
        }

        return Tensor.FromArray<long>(ids, [options.Batch, options.Height, options.Width]);
    }
}
