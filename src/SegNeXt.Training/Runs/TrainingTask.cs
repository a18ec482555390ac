using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// What a run learns: its data, network, loss and evaluation. All else of a run (steps, schedule, checkpoints, logs) is
/// the trainer's, the same for every task.
/// </summary>
internal abstract class TrainingTask
{
    private const int MostWorkers = 8;

    /// <summary>Begins a task.</summary>
    /// <param name="config">The run's configuration, everything in iterations.</param>
    protected TrainingTask(RunConfig config) => Config = config;

    /// <summary>The run's configuration, everything in iterations.</summary>
    public RunConfig Config { get; }

    /// <summary>The processes that train together.</summary>
    public Ranks Ranks { get; init; } = Ranks.Alone;

    /// <summary>The settings of a step as far as this process is concerned: its share of the batch.</summary>
    protected TrainSettings OwnStep => Config.Train with { Batch = Ranks.Share(Config.Train.Batch).Count };

    /// <summary>What the network is.</summary>
    public abstract ModelConfig Model { get; }

    /// <summary>The figure that the best weights are chosen by, as users know it.</summary>
    public abstract string Figure { get; }

    /// <summary>Pictures that are evaluated, 0 for no evaluation.</summary>
    public abstract int ValidationCount { get; }

    /// <summary>What a file of the best weights says beyond the model.</summary>
    public virtual IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>();

    /// <summary>Opens the data of a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="progress">Is told what was found.</param>
    /// <param name="ranks">The processes that train together.</param>
    /// <exception cref="InputException">The data cannot be used.</exception>
    public static TrainingTask Open(RunConfig config, ITrainingProgress progress, Ranks ranks) =>
        config.Pretrain is null ? new SegmentationTask(config) { Ranks = ranks } : ClassificationTask.Open(config, progress, ranks);

    /// <summary>A training picture's file.</summary>
    /// <param name="index">Its index.</param>
    public abstract string FileOf(int index);

    /// <summary>Makes what the loss needs to know of the data.</summary>
    public abstract void PrepareLoss();

    /// <summary>The loader of training batches.</summary>
    /// <param name="start">Where the run stands.</param>
    /// <param name="progress">Is told what is unusual.</param>
    /// <param name="cancellation">Ends what has to be read first.</param>
    public abstract DataLoader Loader(TrainingState start, ITrainingProgress progress, CancellationToken cancellation);

    /// <summary>The loss of a batch, in the graph.</summary>
    /// <param name="model">The network.</param>
    /// <param name="x">The batch's pictures <c>[N, 3, H, W]</c>, on the device.</param>
    /// <param name="batch">The batch.</param>
    public abstract Tensor Loss(Network model, Tensor x, Batch batch);

    /// <summary>The network's logits, computed in the run's number format and given in single precision.</summary>
    /// <param name="model">The network.</param>
    /// <param name="x">Pictures <c>[N, 3, H, W]</c>.</param>
    protected Tensor Forward(Network model, Tensor x)
    {
        using AutocastScope format = Config.Train.Precision.Enter(x.Device);
        return model.Forward(x).To(ScalarType.Float32);
    }

    /// <summary>Changes a batch as a whole before it goes to the device.</summary>
    /// <param name="batch">The batch.</param>
    public virtual void Prepare(Batch batch)
    {
    }

    /// <summary>Bytes of a step on the CPU at its peak.</summary>
    /// <param name="model">The network, in the mode in which it trains.</param>
    /// <param name="generator">The one that it draws from.</param>
    public abstract long StepMemory(Network model, Generator generator);

    /// <summary>Evaluates; ranks divide the pictures, and all know what all found.</summary>
    /// <param name="model">The network.</param>
    /// <param name="device">Where it is.</param>
    /// <param name="cancellation">Ends it.</param>
    public abstract EvaluationOutcome Evaluate(Network model, Device device, CancellationToken cancellation);

    /// <summary>Writes down the evaluation just made.</summary>
    /// <param name="outcome">What it found.</param>
    /// <param name="iteration">Iterations done.</param>
    /// <param name="journal">The run's log and events.</param>
    /// <param name="run">The run's folder.</param>
    public abstract void Record(EvaluationOutcome outcome, int iteration, RunJournal journal, RunFolder run);

    /// <summary>How this process loads its share of every batch, beginning where a run stands.</summary>
    /// <param name="start">Where it stands.</param>
    protected LoaderOptions OwnLoading(TrainingState start)
    {
        TrainSettings train = Config.Train;
        BatchShare share = Ranks.Share(train.Batch);

        // The processes of a host share its cores and its memory.
        int workers = train.Workers > 0 || Ranks.LocalSize == 1 ? train.Workers : Math.Clamp(Environment.ProcessorCount / Ranks.LocalSize, 1, MostWorkers);
        return new LoaderOptions
        {
            Batch = share.Count,
            StepSamples = share.Total,
            FirstSample = share.First,
            StartIteration = (long)start.Iteration * train.Accumulate,
            StartPosition = start.Images,
            Workers = workers,
            Seed = Config.Seed,
            CacheBytes = ((long)train.CacheMegabytes << 20) / Ranks.LocalSize,
        };
    }
}
