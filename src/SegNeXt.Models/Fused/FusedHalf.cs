using SegNeXt.Kernels;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// A half of a block as one function of its input and its parameters: batch norm, branch, layer scale, drop path and
/// residual connection.
/// </summary>
/// <remarks>Inputs: x, the norm's weight and bias, the layer scale, then the convolutions' weights and biases in turn.</remarks>
internal abstract class FusedHalf : CustomFunction
{
    private const int FirstConvolution = 4;

    private readonly BatchNorm2d _norm;
    private readonly DropPathDraw _draw;
    private readonly bool _ofBatch;
    private readonly ProcessGroup? _group;

    // Of the batch that the norm is of, other processes' parts included.
    private double _pixels;

    /// <summary>Prepares one application.</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="draw">Drop path's draw for it.</param>
    protected FusedHalf(BatchNorm2d norm, DropPathDraw draw)
    {
        (_norm, _draw, _ofBatch, _group) = (norm, draw, norm.Training, norm.Training ? norm.Group : null);
    }

    /// <summary>Drop path's draw.</summary>
    protected DropPathDraw Draw => _draw;

    /// <summary>Applies the function to a map.</summary>
    protected Tensor Run(Tensor x, Tensor layerScale, IReadOnlyList<Conv2d> convolutions)
    {
        using Tensor dense = x.Contiguous(MemoryFormat.ChannelsLast);
        return Apply([dense, _norm.Weight, _norm.Bias, layerScale, .. convolutions.SelectMany(static c => new[] { c.Weight, c.Bias! })])[0];
    }

    /// <inheritdoc/>
    protected sealed override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs)
    {
        Tensor x = inputs[0];
        using TeamLease lease = TeamLease.Take();
        (Tensor norm, _pixels) = FusedKernels.Norm(lease.Team, x, _norm, (inputs[1], inputs[2]));
        Tensor y = FusedKernels.NewMap(FusedKernels.ShapeOf(x));
        Tensor[] kept = Forward(lease.Team, inputs, norm, y, context.NeedsAnyGradient);
        if (context.NeedsAnyGradient)
        {
            context.SaveForBackward([norm, .. kept, .. inputs]);
        }

        return [y];
    }

    /// <inheritdoc/>
    protected sealed override unsafe Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients)
    {
        int keptCount = KeptCount;
        Tensor norm = context.Saved[0];
        Tensor[] kept = [.. context.Saved.Skip(1).Take(keptCount)];
        Tensor[] inputs = [.. context.Saved.Skip(1 + keptCount)];
        Tensor dy = gradients[0].Contiguous(MemoryFormat.ChannelsLast);
        TrainingShape shape = FusedKernels.ShapeOf(inputs[0]);
        Tensor dx = FusedKernels.NewMap(shape);
        Tensor[] results = [dx, .. FusedKernels.GradientsLike(inputs.Skip(1))];
        using TeamLease lease = TeamLease.Take();
        Backward(lease.Team, inputs, norm, kept, dy, dx, results);
        BatchNormPass.Backward(
            lease.Team, shape, FusedKernels.Map(inputs[0]), FusedKernels.Data(norm), _ofBatch, FusedKernels.Map(dx), FusedKernels.Map(dy),
            FusedKernels.Map(dx), FusedKernels.Data(results[1]), FusedKernels.Data(results[2]), _pixels, _group is null ? null : _group.Sum);
        return [.. results.Select((gradient, i) => context.NeedsGradient(i) ? gradient : null)];
    }

    /// <summary>Number of maps that <see cref="Forward(TrainingTeam, IReadOnlyList{Tensor}, Tensor, Tensor, bool)"/> keeps.</summary>
    protected abstract int KeptCount { get; }

    /// <summary>Computes y.</summary>
    /// <param name="team">Runs it.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="norm">The norm of the first of them.</param>
    /// <param name="y">The result.</param>
    /// <param name="keeps">Whether a backward pass will follow.</param>
    /// <returns>What it will need.</returns>
    protected abstract Tensor[] Forward(TrainingTeam team, IReadOnlyList<Tensor> inputs, Tensor norm, Tensor y, bool keeps);

    /// <summary>Computes the gradients by the normalised map and by all parameters but the norm's.</summary>
    /// <param name="team">Runs it.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="norm">The norm.</param>
    /// <param name="kept">What the forward pass kept.</param>
    /// <param name="dy">The gradient by the result, channels last.</param>
    /// <param name="dxn">The gradient by the normalised map.</param>
    /// <param name="gradients">The gradients, one for each input.</param>
    protected abstract void Backward(TrainingTeam team, IReadOnlyList<Tensor> inputs, Tensor norm, Tensor[] kept, Tensor dy, Tensor dxn, IReadOnlyList<Tensor> gradients);

    /// <summary>A convolution's weight among the inputs or the gradients.</summary>
    protected static unsafe float* Weight(IReadOnlyList<Tensor> tensors, int convolution) => FusedKernels.Data(tensors[FirstConvolution + (2 * convolution)]);

    /// <summary>A convolution's bias.</summary>
    protected static unsafe float* Bias(IReadOnlyList<Tensor> tensors, int convolution) => FusedKernels.Data(tensors[FirstConvolution + (2 * convolution) + 1]);

    /// <summary>The layer scale.</summary>
    protected static unsafe float* LayerScale(IReadOnlyList<Tensor> tensors) => FusedKernels.Data(tensors[FirstConvolution - 1]);
}
