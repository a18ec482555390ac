using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// What a training step takes, found by doing a small one: two crops of a few thousand pixels go forward and backward, and
/// the peak of libtorch's allocations is scaled to the pixels of the real step. So model, classes, loss, frozen parts and
/// whatever else changes the step are all counted as they are. The loss is measured by itself: it goes through a large
/// batch in parts, and takes what the largest part takes. Attention between positions, which grows with the square of a crop,
/// is reckoned beside it.
/// </summary>
/// <remarks>
/// The peak of a large step is at the turn from forward to backward, when no gradient of a weight is there yet. A small
/// step that has to make them would peak at its end; so one smaller still makes them before, and they are added where they
/// matter.
/// </remarks>
internal static class MemoryEstimate
{
    private const int TrialBatch = 2;
    private const int TrialSide = 128;
    private const int FirstSide = 32;

    /// <summary>Bytes of a step on the CPU, at its peak, the weights left out. The network is left as it was.</summary>
    /// <param name="model">The network, in the mode in which it trains, without gradients.</param>
    /// <param name="train">The settings.</param>
    /// <param name="loss">What it learns by.</param>
    /// <param name="generator">The one that the network draws from; every step seeds it anew.</param>
    public static long OfStep(Network model, TrainSettings train, ISegmentationLoss loss, Generator generator)
    {
        generator.ManualSeed(0);
        using TensorScope scope = new();
        (Tensor Buffer, Tensor Before)[] buffers = [.. model.NamedBuffers().Select(entry => (entry.Value, entry.Value.Clone()))];
        try
        {
            Trial(model, train, FirstSide, loss, generator);
            (double kept, double network, double inLoss) = Trial(model, train, TrialSide, loss, generator);
            double pixels = (double)train.Batch * train.Crop.Height * train.Crop.Width;
            double atATime = ImageChunks.PixelsAtATime(train.Batch, model.Config.NumClasses, train.Crop.Height, train.Crop.Width);

            // With parts computed twice the peak is at the first stage, when the others have their gradients already.
            double gradients = model.ActivationCheckpointing == ActivationCheckpointing.None
                ? 0
                : model.NamedParameters().Where(entry => entry.Value.RequiresGrad).Sum(entry => (double)entry.Value.NumElements * sizeof(float));
            (double keptWeights, double atPeak) = AttentionBeyond(model.Config, train);
            return (long)Math.Max((network * pixels) + gradients + atPeak, (kept * pixels) + keptWeights + (inLoss * atATime));
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

    /// <summary>
    /// Bytes of attention between positions that the scaling by pixels leaves out: what all of them keep, and at the peak the
    /// gradients of the largest on top: behind its softmax, before it, and by its scale.
    /// </summary>
    private static (double Kept, double AtPeak) AttentionBeyond(ModelConfig config, TrainSettings train)
    {
        int height = Math.Min(train.Crop.Height, TrialSide), width = Math.Min(train.Crop.Width, TrialSide);
        (double all, double largest) = ActivationMemory.AttentionWeights(config, train.Crop.Height, train.Crop.Width);
        (double trialAll, double trialLargest) = ActivationMemory.AttentionWeights(config, height, width);
        double scale = (double)train.Crop.Height * train.Crop.Width / ((double)height * width);
        double kept = train.Batch * (all - (trialAll * scale)) * sizeof(float);
        return (kept, kept + (3 * train.Batch * (largest - (trialLargest * scale)) * sizeof(float)));
    }

    /// <summary>
    /// Bytes for each pixel of crops of at most a side: what the forward pass keeps, the peak of forward and backward with
    /// next to no loss, and the peak of the loss.
    /// </summary>
    private static (double Kept, double Network, double Loss) Trial(
        Network model, TrainSettings train, int side, ISegmentationLoss loss, Generator generator)
    {
        using TensorScope scope = new();
        int height = Math.Min(train.Crop.Height, side), width = Math.Min(train.Crop.Width, side);
        Tensor x = Tensor.Normal([TrialBatch, 3, height, width], 0, 1, generator);
        Tensor labels = Tensor.Zeros([TrialBatch, height, width], ScalarType.Int64);
        using MemoryMeter all = new();
        Tensor logits;
        using (train.Precision.Enter(Device.Cpu))
        {
            logits = model.Forward(train.ChannelsLast ? x.To(MemoryFormat.ChannelsLast) : x).To(ScalarType.Float32);
        }

        long kept = all.LiveBytes();
        long inLoss;
        using (MemoryMeter own = new())
        {
            using TensorScope inner = new();
            loss.Forward(logits.Detach().RequiresGrad_(), labels).Backward();
            inLoss = own.PeakBytes();
        }

        // The loss was no part of this graph; the peak of the pass is above what it found there.
        long network;
        using (MemoryMeter own = new())
        {
            logits.Mean().Backward();
            network = kept + own.PeakBytes();
        }

        double pixels = TrialBatch * height * width;
        return (kept / pixels, network / pixels, inLoss / pixels);
    }
}
