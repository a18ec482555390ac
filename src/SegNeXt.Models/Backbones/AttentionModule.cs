using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>The convolutional attention inside a block, between its two projections: MSCA, or what the paper holds against it.</summary>
public abstract class AttentionModule : Module
{
    /// <summary>The convolutions in the order of their names.</summary>
    internal abstract IReadOnlyList<Conv2d> Convolutions { get; }

    /// <summary>Whether this is MSCA with nothing left out, which the fused kernels compute.</summary>
    internal virtual bool IsPlain => false;

    /// <summary>Builds the attention that a configuration names.</summary>
    /// <param name="config">The encoder; its kind of attention alone matters.</param>
    /// <param name="dim">Channels C.</param>
    public static AttentionModule Create(MscanConfig config, int dim)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Attention == MscanConfig.LargeKernel ? new LargeKernelAttention(dim) : new MultiScaleAttention(dim, config);
    }

    /// <summary>Computes the attention and applies it.</summary>
    /// <param name="x">Features <c>[N, C, H, W]</c>, any H, W ≥ 1.</param>
    /// <returns>A new tensor <c>[N, C, H, W]</c>.</returns>
    public abstract Tensor Forward(Tensor x);

    private protected static Conv2d DepthWise(int dim, int height, int width, int dilation = 1) => new(
        dim, dim, (height, width), padding: (height / 2 * dilation, width / 2 * dilation), dilation: (dilation, dilation), groups: dim);
}
