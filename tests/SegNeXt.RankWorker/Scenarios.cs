using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;
using SegNeXt.Training;

namespace SegNeXt.RankWorker;

/// <summary>What a rank does.</summary>
public static class Scenarios
{
    private const int Classes = 5;
    private const int Height = 32;
    private const int Width = 64;

    /// <summary>Does a scenario.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="ranks">The ranks.</param>
    /// <param name="output">Where rank 0 writes what came of it.</param>
    /// <param name="option">Value of an option, or what it is otherwise.</param>
    public static int Run(string name, Ranks ranks, string output, Func<string, string, string> option)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentNullException.ThrowIfNull(option);
        switch (name)
        {
            case "step":
                Step(ranks, output, option);
                return 0;
            case "train":
                return Train(ranks, output, option);
            case "collectives":
                Collectives(ranks, output);
                return 0;
            case "killed":
                return Endless(ranks, at: 3, () => System.Diagnostics.Process.GetCurrentProcess().Kill());
            case "hung":
                return Endless(ranks, at: 3, () => Thread.Sleep(Timeout.Infinite));
            case "fault":
                return Endless(ranks, at: 3, () => throw new InputException("picture 7 is damaged."));
            default:
                throw new ArgumentException(name, nameof(name));
        }
    }

    /// <summary>One forward and backward pass of a network on a batch, in the share of each rank, twice in a row.</summary>
    private static void Step(Ranks ranks, string output, Func<string, string, string> option)
    {
        int batch = int.Parse(option("batch", "4"), CultureInfo.InvariantCulture);
        int accumulate = int.Parse(option("accumulate", "1"), CultureInfo.InvariantCulture);
        using Generator generator = new(11);
        using Network model = Network.Create(ConfigOf(option("model", "mscan")), generator);
        model.Kernels = Enum.Parse<KernelChoice>(option("kernels", "Libtorch"));
        model.ActivationCheckpointing = Enum.Parse<ActivationCheckpointing>(option("checkpointing", "None"));
        model.To(MemoryFormat.ChannelsLast);
        Tensor[] parameters = [.. model.NamedParameters().Select(entry => entry.Value)];
        CrossEntropyLoss loss = new(kernels: model.Kernels);
        using RankedStep step = new(ranks, model, parameters, generator, batch);
        step.Connect();
        BatchShare share = BatchShare.Of(batch, ranks.Rank, ranks.Size);
        for (int iteration = 0; iteration < 2; iteration++)
        {
            model.ZeroGrad();
            generator.ManualSeed((ulong)(100 + iteration));
            using Generator data = new((ulong)iteration);
            for (int part = 0; part < accumulate; part++)
            {
                using TensorScope scope = new();
                Tensor x = Tensor.Normal([batch, 3, Height, Width], 0, 1, data);
                Tensor labels = (Tensor.Uniform([batch, Height, Width], 0, Classes, data) - 0.5).Clamp(0, Classes - 1).To(ScalarType.Int64);
                Tensor own = x.Narrow(0, share.First, share.Count).Contiguous(MemoryFormat.ChannelsLast);
                Tensor value = loss.Forward(model.Forward(own), labels.Narrow(0, share.First, share.Count).Contiguous()) * (step.LossFactor / accumulate);
                step.BeforeBackward(value, part == accumulate - 1);
                value.Backward();
            }
        }

        if (!ranks.IsMain)
        {
            return;
        }

        List<NamedTensor> results = [.. model.NamedBuffers().Select(entry => ModelState.ToNamed("buffer." + entry.Key, entry.Value))];
        foreach ((string name, Tensor parameter) in model.NamedParameters())
        {
            using TensorScope scope = new();
            if (parameter.Grad is { } gradient)
            {
                results.Add(ModelState.ToNamed("gradient." + name, gradient));
            }
        }

        SafetensorsWriter.Write(output, results, new Dictionary<string, string>());
    }

    private static ModelConfig ConfigOf(string model) => model switch
    {
        "mscan" => ModelConfig.Preset("t", Classes),
        "aspp" => ModelConfig.Preset("t", Classes) with { Decoder = new DecoderConfig { Type = DecoderTypes.Aspp, Channels = 32, InputStages = DecoderTypes.DefaultStages(DecoderTypes.Aspp) } },
        _ => throw new ArgumentException(model, nameof(model)),
    };

    /// <summary>A run of the trainer on a data set, with all that a run can remember; with <c>stop</c>, the last rank is told to stop after an iteration.</summary>
    private static int Train(Ranks ranks, string output, Func<string, string, string> option)
    {
        int stop = int.Parse(option("stop", "0"), CultureInfo.InvariantCulture);
        RunConfig config = RunConfig.FromOptions(
            option("data", ""),
            "t",
            [
                "train.iterations=6", $"train.batch={option("batch", "4")}", "train.crop=32x48", "train.lr=1e-3", "train.warmup_iterations=2", "eval.interval=6", "checkpoint.interval=3",
                "log.interval=1", "train.workers=1", "seed=5", "train.ema=0.9", "train.clip_norm=1", $"train.optimizer={option("optimizer", "adamw")}",
            ]);
        RunDescription about = new("test", DateTimeOffset.UnixEpoch, "cpu", new Dictionary<string, string>());
        using CancellationTokenSource source = new();
        Stopper progress = new(stop, ranks.Rank == ranks.Size - 1 ? source : null);
        using Trainer trainer = new(config, new RunFolder(output), about, Device.Cpu, option("resume", "false") == "true", progress, ranks);
        try
        {
            trainer.Run(source.Token);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    private sealed class Stopper(int after, CancellationTokenSource? stop) : ITrainingProgress
    {
        public void OnIteration(in TrainingStatus status)
        {
            if (status.Iteration == after)
            {
                stop?.Cancel();
            }
        }

        public void OnEvaluation(in EvaluationStatus result)
        {
        }

        public void OnMessage(string message)
        {
        }
    }

    /// <summary>Every operation of a group once.</summary>
    private static void Collectives(Ranks ranks, string output)
    {
        double sum = ranks.Sum(ranks.Rank + 1.0);
        Span<long> counts = [1, ranks.Rank];
        ranks.Sum(counts);
        using Tensor x = Tensor.Full([2, 3], ranks.Rank);
        ranks.Broadcast(x);
        string text = ranks.Text(() => "of rank 0");
        bool any = ranks.Any(ranks.Rank == ranks.Size - 1), none = ranks.Any(false);
        File.WriteAllText(
            $"{output}.{ranks.Rank}",
            string.Create(CultureInfo.InvariantCulture, $"{sum} {counts[0]} {counts[1]} {x.Sum().Item()} {text} {any} {none}"));
    }

    /// <summary>Steps without an end, until something happens to the last rank.</summary>
    private static int Endless(Ranks ranks, int at, Action happens)
    {
        for (int i = 0; ; i++)
        {
            if (i == at && ranks.Rank == ranks.Size - 1)
            {
                happens();
            }

            _ = ranks.Sum(1);
        }
    }
}
