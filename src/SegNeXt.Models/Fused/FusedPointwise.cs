using SegNeXt.Kernels;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>A 1×1 convolution as one function, by <see cref="PointwiseConvolution"/>.</summary>
internal sealed unsafe class FusedPointwise : CustomFunction
{
    private FusedPointwise()
    {
    }

    /// <summary>Convolves, by libtorch where the kernels cannot.</summary>
    /// <param name="x">Features [N, C_in, H, W].</param>
    /// <param name="convolution">A 1×1 convolution.</param>
    /// <param name="kernels">Whose kernels are wanted.</param>
    public static Tensor Run(Tensor x, Conv2d convolution, KernelChoice kernels)
    {
        if (kernels != KernelChoice.Fused || !FusedKernels.Take(x) || convolution.Weight.Size(0) % TrainingShape.ChannelStep != 0)
        {
            return convolution.Forward(x);
        }

        using Tensor dense = x.Contiguous(MemoryFormat.ChannelsLast);
        Tensor[] inputs = convolution.Bias is { } bias ? [dense, convolution.Weight, bias] : [dense, convolution.Weight];
        return new FusedPointwise().Apply(inputs)[0];
    }

    /// <inheritdoc/>
    protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs)
    {
        TrainingShape shape = FusedKernels.ShapeOf(inputs[0]);
        Tensor y = FusedKernels.NewMap(shape with { Channels = (int)inputs[1].Size(0) });
        float* bias = inputs.Count > 2 ? FusedKernels.Data(inputs[2]) : null;
        using TeamLease lease = TeamLease.Take();
        Convolution(lease.Team, inputs).Forward(FusedKernels.Map(inputs[0]), FusedKernels.Data(inputs[1]), bias, FusedKernels.Map(y));
        if (context.NeedsAnyGradient)
        {
            context.SaveForBackward(inputs);
        }

        return [y];
    }

    /// <inheritdoc/>
    protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients)
    {
        IReadOnlyList<Tensor> inputs = context.Saved;
        Tensor dy = gradients[0].Contiguous(MemoryFormat.ChannelsLast);
        Tensor dx = FusedKernels.NewMap(FusedKernels.ShapeOf(inputs[0]));
        Tensor[] results = [dx, .. FusedKernels.GradientsLike(inputs.Skip(1))];
        float* bias = results.Length > 2 ? FusedKernels.Data(results[2]) : null;
        using TeamLease lease = TeamLease.Take();
        Convolution(lease.Team, inputs).Backward(
            FusedKernels.Map(inputs[0]), FusedKernels.Data(inputs[1]), FusedKernels.Map(dy), FusedKernels.Map(dx), FusedKernels.Data(results[1]), bias);
        return [.. results.Select((gradient, i) => context.NeedsGradient(i) ? gradient : null)];
    }

    private static PointwiseConvolution Convolution(TrainingTeam team, IReadOnlyList<Tensor> inputs) =>
        new(team, FusedKernels.ShapeOf(inputs[0]).Pixels, (int)inputs[1].Size(1), (int)inputs[1].Size(0));
}
