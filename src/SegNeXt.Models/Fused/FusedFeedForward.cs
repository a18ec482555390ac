using SegNeXt.Kernels;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>The second half of a block, <c>y = x + dp(ls₂ ⊙ ffn(BN₂(x)))</c>, by <see cref="FeedForwardHalf"/>.</summary>
internal sealed unsafe class FusedFeedForward : FusedHalf
{
    private readonly int _hidden;

    private FusedFeedForward(BatchNorm2d norm, DropPathDraw draw, int hidden)
        : base(norm, draw)
    {
        _hidden = hidden;
    }

    /// <inheritdoc/>
    protected override int KeptCount => 1;

    /// <summary>Computes the half.</summary>
    /// <param name="x">Features [N, C, H, W].</param>
    /// <param name="norm">BN₂.</param>
    /// <param name="module">ffn.</param>
    /// <param name="layerScale">ls₂.</param>
    /// <param name="dropPath">dp.</param>
    public static Tensor Run(Tensor x, BatchNorm2d norm, FeedForward module, Tensor layerScale, DropPath dropPath)
    {
        int hidden = (int)module.Convolutions[0].Weight.Size(0);
        return new FusedFeedForward(norm, dropPath.Draw((int)x.Size(0)), hidden).Run(x, layerScale, module.Convolutions);
    }

    /// <inheritdoc/>
    protected override Tensor[] Forward(TrainingTeam team, IReadOnlyList<Tensor> inputs, Tensor norm, Tensor y, bool keeps)
    {
        Tensor hidden = FusedKernels.NewNumbers(FeedForwardHalf.HiddenCount(FusedKernels.ShapeOf(y), _hidden, keeps));
        Half(team, inputs, norm).Forward(FusedKernels.Map(inputs[0]), FusedKernels.Map(y), FusedKernels.Data(hidden), keeps);
        return [hidden];
    }

    /// <inheritdoc/>
    protected override void Backward(TrainingTeam team, IReadOnlyList<Tensor> inputs, Tensor norm, Tensor[] kept, Tensor dy, Tensor dxn, IReadOnlyList<Tensor> gradients) =>
        Half(team, inputs, norm).Backward(FusedKernels.Map(inputs[0]), FusedKernels.Data(kept[0]), FusedKernels.Map(dy), FusedKernels.Map(dxn), Weights(gradients));

    private FeedForwardHalf Half(TrainingTeam team, IReadOnlyList<Tensor> inputs, Tensor norm) =>
        new(team, FusedKernels.ShapeOf(inputs[0]), _hidden, Weights(inputs), FusedKernels.Data(norm), Draw);

    private static FeedForwardWeights Weights(IReadOnlyList<Tensor> tensors) => new()
    {
        Expand = Weight(tensors, 0),
        ExpandBias = Bias(tensors, 0),
        DepthWise = Weight(tensors, 1),
        DepthWiseBias = Bias(tensors, 1),
        Reduce = Weight(tensors, 2),
        ReduceBias = Bias(tensors, 2),
        LayerScale = LayerScale(tensors),
    };
}
