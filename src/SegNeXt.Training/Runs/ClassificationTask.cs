using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Image classification: a class for each picture, soft targets, top-1.</summary>
internal sealed class ClassificationTask : TrainingTask
{
    private readonly IClassificationDataSet _train;
    private readonly IClassificationDataSet _val;
    private readonly BatchMixing _mixing;
    private double _share = 1;

    private ClassificationTask(RunConfig config, IClassificationDataSet train, IClassificationDataSet val)
        : base(config)
    {
        (_train, _val) = (train, val);
        PretrainSettings pretrain = config.Pretrain!;
        _mixing = new BatchMixing(pretrain.Mixup, pretrain.Cutmix, pretrain.MixProbability, pretrain.SwitchProbability);
        Model = config.Model.ToModelConfig(1) with { Decoder = null, NumClasses = train.Classes.Count, ClassNames = [.. train.Classes] };
    }

    public override ModelConfig Model { get; }

    public override string Figure => "top-1";

    public override int ValidationCount => _val.Count;

    public override IReadOnlyDictionary<string, string> Metadata => ClassificationData.TestOf(Config).ToMetadata();

    private PretrainSettings Pretrain => Config.Pretrain!;

    /// <summary>Opens the data: two splits, or one of which a share of each class is held out.</summary>
    public static new ClassificationTask Open(RunConfig config, ITrainingProgress progress, Ranks ranks)
    {
        (IClassificationDataSet train, IClassificationDataSet val) = ClassificationData.Open(config);
        RunConfig inIterations = PretrainSettings.InIterations(config, train.Count);
        progress.OnMessage(string.Create(
            CultureInfo.InvariantCulture,
            $"{train.Classes.Count} classes, {train.Count} pictures to train on, {val.Count} to evaluate on{(config.Pretrain!.HoldOut > 0 ? " (held out of the training split)" : "")}; {inIterations.Train.Iterations} iterations."));
        return new ClassificationTask(inIterations, train, val) { Ranks = ranks };
    }

    public override string FileOf(int index) => _train.Path(index);

    public override void PrepareLoss()
    {
        // Nothing of the data goes into it.
    }

    public override DataLoader Loader(TrainingState start, ITrainingProgress progress, CancellationToken cancellation) =>
        ClassificationData.Loader(Config, _train, Model, OwnLoading(start));

    public override void Prepare(Batch batch) => _share = Mix(batch);

    /// <summary>Pictures that are trained on.</summary>
    public int TrainCount => _train.Count;

    /// <summary>A training picture as it is on the disk.</summary>
    public RgbImage Load(int index) => _train.Load(index).Image;

    /// <summary>The name of a training picture's class.</summary>
    public string ClassOf(int index) => _train.Classes[_train.ClassOf(index)];

    /// <summary>Mixes a batch as the run does.</summary>
    /// <returns>The weight of each picture's own class.</returns>
    public double Mix(Batch batch)
    {
        SampleRandom random = new(Seeds.For(Config.Seed, "mix", batch.Iteration));
        return _mixing.Apply(batch.Images, batch.Count, batch.Height, batch.Width, ref random).Share;
    }

    public override Tensor Loss(Network model, Tensor x, Batch batch)
    {
        int[] classes = [.. batch.Indices.Take(batch.Count).Select(_train.ClassOf)];
        float[] targets = SoftTargets.Of(classes, Model.NumClasses, Pretrain.LabelSmoothing, _share);
        return SoftTargetCrossEntropy.Of(Forward(model, x), Tensor.FromArray<float>(targets, [batch.Count, Model.NumClasses], x.Device));
    }

    public override long StepMemory(Network model, Generator generator) => MemoryEstimate.OfStep(model, OwnStep, new Small(), generator);

    public override EvaluationOutcome Evaluate(Network model, Device device, CancellationToken cancellation) =>
        SharedEvaluation.Run(
            Ranks, () => ClassificationEvaluator.Run(model, device, new ClassificationDataSetShare(_val, Ranks.Shard), ClassificationData.TestOf(Config), null, cancellation));

    public override void Record(EvaluationOutcome outcome, int iteration, RunJournal journal, RunFolder run)
    {
        var result = (ClassificationResult)outcome;
        journal.Evaluation(iteration, result);
        if (result.Accuracies() is { } accuracies)
        {
            journal.Classes(iteration, "val_accuracy", _train.Classes, accuracies);
        }

        run.WriteEvaluation(result, _train.Classes);
    }

    /// <summary>In place of the loss, which is a few numbers for each picture.</summary>
    private sealed class Small : ISegmentationLoss
    {
        public Tensor Forward(Tensor logits, Tensor labels) => logits.Mean();
    }
}
