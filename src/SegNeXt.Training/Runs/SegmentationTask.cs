using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Segmentation: labels for pixels, one of the losses, mIoU.</summary>
internal sealed class SegmentationTask : TrainingTask
{
    private readonly ISegmentationDataSet _train;
    private readonly ISegmentationDataSet _val;
    private ISegmentationLoss? _loss;
    private EvaluationSamples? _samples;

    /// <summary>Opens and checks the data.</summary>
    /// <exception cref="InputException">A split cannot be used.</exception>
    public SegmentationTask(RunConfig config)
        : base(config)
    {
        (_train, _val) = TrainingData.Open(config);
        Model = TrainingData.ModelConfigFor(config, _train.Classes);
    }

    public override ModelConfig Model { get; }

    public override string Figure => "mIoU";

    public override int ValidationCount => _val.Count;

    private ISegmentationLoss LossFunction => _loss ?? throw new InvalidOperationException("The loss has not been prepared.");

    public override string FileOf(int index) => _train.Paths(index).Image;

    public override void PrepareLoss()
    {
        LossSettings loss = Config.Train.Loss;
        _loss = SegmentationLoss.Create(loss, ClassFrequencies.Weights(loss.ClassWeights, _train), Config.Train.Kernels);
    }

    public override DataLoader Loader(TrainingState start, ITrainingProgress progress, CancellationToken cancellation) =>
        TrainingData.Loader(Config, _train, Model, OwnLoading(start), progress, cancellation);

    public override Tensor Loss(Network model, Tensor x, Batch batch)
    {
        Tensor labels = Tensor.FromArray<byte>(batch.Labels.AsSpan(0, batch.Count * batch.Height * batch.Width), [batch.Count, batch.Height, batch.Width], x.Device)
            .To(ScalarType.Int64);
        return LossFunction.Forward(Forward(model, x), labels);
    }

    public override long StepMemory(Network model, Generator generator) => MemoryEstimate.OfStep(model, OwnStep, LossFunction, generator);

    public override EvaluationOutcome Evaluate(Network model, Device device, CancellationToken cancellation)
    {
        using TorchSegmenter engine = new((SegmentationModel)model, device, ownsModel: false);
        TestTimeSegmenter segmenter = new(engine, Config.ToTestOptions());
        _samples = new EvaluationSamples(_val);
        EvaluationResult result = SharedEvaluation.Run(
            Ranks,
            () => Evaluator.Run(segmenter, new DataSetShare(_val, Ranks.Shard), (item, sample, prediction) => _samples.Take(Ranks.Shard.IndexOf(item), sample, prediction), cancellation));
        _samples.Gather(Ranks);
        return result;
    }

    public override void Record(EvaluationOutcome outcome, int iteration, RunJournal journal, RunFolder run)
    {
        var result = (EvaluationResult)outcome;
        journal.Evaluation(iteration, result);
        journal.Classes(iteration, "val_IoU", _val.Classes.Names, [.. result.Metrics.Classes.Select(figures => figures.IoU)]);
        journal.Samples(iteration, _samples!, _val.Classes);
        run.WriteEvaluation(result, _val.Classes, _samples!);
    }
}
