using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>Memory at many classes, and the parts in which a large batch is gone through.</summary>
public sealed class LossMemoryTests : IDisposable
{
    private const int Images = 12, Classes = 150, Size = 112;

    private readonly TensorScope _scope = new();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void CrossEntropy_LargeBatch_EqualsTheUndividedComputationInLessMemory()
    {
        (Tensor logits, Tensor labels) = Batch();
        Tensor other = logits.Detach().RequiresGrad_();
        long all = Images * Classes * Size * Size * sizeof(float);

        long divided = Peak(() => new CrossEntropyLoss().Forward(logits, labels).Backward());
        long undivided = Peak(() =>
            (Functional.CrossEntropy(Functional.Interpolate(other, (Size, Size)), labels, null, 255, Reduction.Sum) * (1.0 / labels.NumElements)).Backward());

        // More than one part, each with three maps of logits at a time; the undivided one holds three of the whole.
        Assert.True(all > ImageChunks.MostElements * sizeof(float), "the batch fits into one part");
        Assert.True(undivided > 2.9 * all && divided < 2.2 * all, $"{divided} bytes divided, {undivided} undivided, {all} of the logits");
        double scale = other.Grad!.Abs().Max().Item();
        Assert.True((logits.Grad! - other.Grad!).Abs().Max().Item() <= 1e-6 * scale);
    }

    [Theory]
    [InlineData("dice")]
    [InlineData("lovasz")]
    public void ClassByClass_LargeBatch_NeedsTheMemoryOfAFewMaps(string name)
    {
        (Tensor logits, Tensor labels) = Batch(images: 4, classes: 60);
        ISegmentationLoss loss = SegmentationLoss.Create(new LossSettings { Formula = LossFormula.Parse(name) }, null);
        long all = 4 * 60 * Size * Size * sizeof(float);

        long peak = Peak(() => loss.Forward(logits, labels).Backward());

        // The softmax's denominator takes all classes once, twice over; after it a few maps in double precision.
        Assert.True(peak < 2.5 * all, $"{peak} bytes, {all} of the logits");
        Assert.True(logits.Grad!.AllFinite());
    }

    private static (Tensor Logits, Tensor Labels) Batch(int images = Images, int classes = Classes)
    {
        using Generator generator = new(1);
        Tensor logits = Tensor.Normal([images, classes, Size / 8, Size / 8], 0, 2, generator).RequiresGrad_();
        Tensor labels = (Tensor.Uniform([images, Size, Size], 0, 1, generator) * 255).To(ScalarType.Int64);
        labels = Tensor.Where(labels.Lt(classes), labels, Tensor.Full([], 255, ScalarType.Int64));
        return (logits, labels);
    }

    private static long Peak(Action work)
    {
        using TensorScope scope = new();
        using MemoryMeter meter = new();
        work();
        return meter.PeakBytes();
    }
}
