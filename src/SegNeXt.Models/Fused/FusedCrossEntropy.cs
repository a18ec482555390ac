using SegNeXt.Kernels;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>Cross entropy on logits resized to the labels' size, by <see cref="ResizedCrossEntropy"/>.</summary>
public static unsafe class FusedCrossEntropy
{
    /// <summary>Whether the kernels can compute with logits: single precision on the CPU.</summary>
    /// <param name="logits">Logits [N, K, h, w].</param>
    public static bool Take(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return logits.Device.Type == DeviceType.Cpu && logits.Type == ScalarType.Float32 && logits.NumElements > 0;
    }

    /// <summary>The sum over the pixels, times a factor, and its gradient.</summary>
    /// <param name="logits">Logits [N, K, h, w].</param>
    /// <param name="labels">Class ids [N, H, W], Int64.</param>
    /// <param name="ignored">The class id that does not count.</param>
    /// <param name="weights">A factor a class [K], single precision, or null.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="wantsGradient">Whether the gradient is computed.</param>
    /// <returns>A scalar, and the gradient [N, K, h, w] or null.</returns>
    public static (Tensor Value, Tensor? Gradient) Run(Tensor logits, Tensor labels, int ignored, Tensor? weights, double scale, bool wantsGradient)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        using TensorScope scope = new();
        Tensor dense = logits.Contiguous(MemoryFormat.ChannelsLast);
        Tensor ids = labels.Contiguous();
        TrainingShape shape = FusedKernels.ShapeOf(dense);
        ResizedCrossEntropy loss = new(shape.Batch, shape.Height, shape.Width, shape.Channels, (int)labels.Size(1), (int)labels.Size(2));
        Tensor work = FusedKernels.NewNumbers(loss.Work);
        Tensor? gradient = wantsGradient ? FusedKernels.NewMap(shape) : null;
        using TeamLease lease = TeamLease.Take();
        double sum = loss.Run(
            lease.Team, FusedKernels.Map(dense), ids.Pointer<long>(), ignored, weights is null ? null : FusedKernels.Data(weights), (float)scale,
            gradient is null ? null : FusedKernels.Map(gradient), FusedKernels.Data(work));
        return (scope.Keep(Tensor.Scalar(sum * scale)), gradient is null ? null : scope.Keep(gradient));
    }
}
