using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Large-kernel attention, LKA: <c>y = Conv1×1(DWConv7×7,dilation 3(DWConv5×5(x))) ⊗ x</c>, a kernel of 21×21 in three steps.
/// </summary>
/// <remarks>
/// Guo et al., Visual Attention Network (arXiv:2202.09741), Eq. 1 and 2; <c>AttentionModule</c> of the released <c>van.py</c>,
/// whose names these are. SegNeXt (arXiv:2209.08575), Table 8, "w/o MSCA".
/// </remarks>
public sealed class LargeKernelAttention : AttentionModule
{
    private readonly Conv2d _local;
    private readonly Conv2d _spatial;
    private readonly Conv2d _mixing;

    /// <summary>Creates the module.</summary>
    /// <param name="dim">Channels C.</param>
    public LargeKernelAttention(int dim)
    {
        _local = RegisterModule("conv0", DepthWise(dim, 5, 5));
        _spatial = RegisterModule("conv_spatial", DepthWise(dim, 7, 7, dilation: 3));
        _mixing = RegisterModule("conv1", new Conv2d(dim, dim, (1, 1)));
    }

    internal override IReadOnlyList<Conv2d> Convolutions => [_local, _spatial, _mixing];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) =>
        _local.Forward(x).Then(_spatial.Forward).Then(_mixing.Forward).Then(attention => attention * x);
}
