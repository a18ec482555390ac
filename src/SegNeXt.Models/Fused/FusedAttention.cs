using SegNeXt.Kernels;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>The first half of a block, <c>y = x + dp(ls₁ ⊙ attn(BN₁(x)))</c>, by <see cref="AttentionHalf"/>.</summary>
internal sealed unsafe class FusedAttention : FusedHalf
{
    // Among the convolutions: proj_1, seven depth-wise ones, conv3, proj_2.
    private const int FirstKernel = 1;
    private const int Kernels = 7;
    private const int Mix = FirstKernel + Kernels;
    private const int ProjectOut = Mix + 1;

    private FusedAttention(BatchNorm2d norm, DropPathDraw draw)
        : base(norm, draw)
    {
    }

    /// <inheritdoc/>
    protected override int KeptCount => 3;

    /// <summary>Computes the half.</summary>
    /// <param name="x">Features [N, C, H, W].</param>
    /// <param name="norm">BN₁.</param>
    /// <param name="module">attn.</param>
    /// <param name="layerScale">ls₁.</param>
    /// <param name="dropPath">dp.</param>
    public static Tensor Run(Tensor x, BatchNorm2d norm, SpatialAttention module, Tensor layerScale, DropPath dropPath) =>
        new FusedAttention(norm, dropPath.Draw((int)x.Size(0))).Run(x, layerScale, module.Convolutions);

    /// <inheritdoc/>
    protected override Tensor[] Forward(TrainingTeam team, IReadOnlyList<Tensor> inputs, Tensor norm, Tensor y, bool keeps)
    {
        TrainingShape shape = FusedKernels.ShapeOf(y);
        Tensor projected = FusedKernels.NewNumbers(shape.Count);
        Tensor local = FusedKernels.NewNumbers(AttentionHalf.PlanesCount(shape));
        Tensor sum = FusedKernels.NewNumbers(shape.Count);
        using Tensor work = FusedKernels.NewNumbers(AttentionHalf.PlanesCount(shape));
        Half(team, inputs, norm).Forward(
            FusedKernels.Map(inputs[0]), FusedKernels.Map(y), FusedKernels.Data(projected), FusedKernels.Data(local), FusedKernels.Data(sum), FusedKernels.Data(work));
        return [projected, local, sum];
    }

    /// <inheritdoc/>
    protected override void Backward(TrainingTeam team, IReadOnlyList<Tensor> inputs, Tensor norm, Tensor[] kept, Tensor dy, Tensor dxn, IReadOnlyList<Tensor> gradients)
    {
        using Tensor work = FusedKernels.NewNumbers(AttentionHalf.BackwardWork(FusedKernels.ShapeOf(dy)));
        Half(team, inputs, norm).Backward(
            FusedKernels.Map(inputs[0]), FusedKernels.Data(kept[0]), FusedKernels.Data(kept[1]), FusedKernels.Data(kept[2]), FusedKernels.Map(dy),
            FusedKernels.Map(dxn), Weights(gradients), FusedKernels.Data(work));
    }

    private AttentionHalf Half(TrainingTeam team, IReadOnlyList<Tensor> inputs, Tensor norm) =>
        new(team, FusedKernels.ShapeOf(inputs[0]), Weights(inputs), FusedKernels.Data(norm), Draw);

    private static AttentionWeights Weights(IReadOnlyList<Tensor> tensors)
    {
        var kernels = new float*[Kernels];
        var biases = new float*[Kernels];
        for (int k = 0; k < Kernels; k++)
        {
            kernels[k] = Weight(tensors, FirstKernel + k);
            biases[k] = Bias(tensors, FirstKernel + k);
        }

        return new AttentionWeights(kernels, biases)
        {
            ProjectIn = Weight(tensors, 0),
            ProjectInBias = Bias(tensors, 0),
            Mix = Weight(tensors, Mix),
            MixBias = Bias(tensors, Mix),
            ProjectOut = Weight(tensors, ProjectOut),
            ProjectOutBias = Bias(tensors, ProjectOut),
            LayerScale = LayerScale(tensors),
        };
    }
}
