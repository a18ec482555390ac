using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// What a training step takes, found by doing a small one: two crops of a few thousand pixels go forward and backward, and
/// the peak of libtorch's allocations is scaled to the pixels of the real step. So model, classes, loss, frozen parts and
/// whatever else changes the step are all counted as they are.
/// </summary>
/// <remarks>
/// The peak of a large step is at the turn from forward to backward, when no gradient of a weight is there yet. A small
/// step that has to make them would peak at its end; so one smaller still makes them before.
/// </remarks>
internal static class MemoryEstimate
{
    private const int TrialBatch = 2;
    private const int TrialSide = 128;
    private const int FirstSide = 32;

    /// <summary>Bytes of a step on the CPU, at its peak, the weights left out. The network is left as it was.</summary>
    /// <param name="model">The network, in the mode in which it trains, without gradients.</param>
    /// <param name="train">The settings.</param>
    /// <param name="loss">Computes the loss of pictures <c>[N, 3, H, W]</c> and labels <c>[N, H, W]</c>.</param>
    /// <param name="generator">The one that the network draws from; every step seeds it anew.</param>
    public static long OfStep(SegmentationModel model, TrainSettings train, Func<Tensor, Tensor, Tensor> loss, Generator generator)
    {
        generator.ManualSeed(0);
        using TensorScope scope = new();
        (Tensor Buffer, Tensor Before)[] buffers = [.. model.NamedBuffers().Select(entry => (entry.Value, entry.Value.Clone()))];
        try
        {
            Peak(train.Crop, FirstSide, loss, generator);
            return (long)(Peak(train.Crop, TrialSide, loss, generator) * train.Batch * train.Crop.Height * train.Crop.Width);
        }
        finally
        {
            model.ZeroGrad();
            using GradMode noGrad = Autograd.NoGrad();
            foreach ((Tensor buffer, Tensor before) in buffers)
            {
                buffer.CopyFrom_(before);
            }
        }
    }

    /// <summary>Bytes for each pixel at the peak of a step on crops of at most a side.</summary>
    private static double Peak(ImageSize crop, int side, Func<Tensor, Tensor, Tensor> loss, Generator generator)
    {
        using TensorScope scope = new();
        int height = Math.Min(crop.Height, side), width = Math.Min(crop.Width, side);
        Tensor x = Tensor.Normal([TrialBatch, 3, height, width], 0, 1, generator);
        Tensor labels = Tensor.Zeros([TrialBatch, height, width], ScalarType.Int64);
        using MemoryMeter meter = new();
        loss(x, labels).Backward();
        return (double)meter.PeakBytes() / (TrialBatch * height * width);
    }
}
