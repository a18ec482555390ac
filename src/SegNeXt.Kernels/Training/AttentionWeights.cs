namespace SegNeXt.Kernels;

/// <summary>The weights of the attention half of a block, or the gradients by them, in the layout of the weight files. C channels.</summary>
/// <param name="kernels">
/// <c>conv0.weight</c> [C, 5, 5], then <c>conv0_1</c>, <c>conv0_2</c>, <c>conv1_1</c>, <c>conv1_2</c>, <c>conv2_1</c>,
/// <c>conv2_2</c>: strips 1×k and k×1 for k = 7, 11, 21, [C, k].
/// </param>
/// <param name="kernelBiases">Their biases [C].</param>
public readonly unsafe struct AttentionWeights(float*[] kernels, float*[] kernelBiases)
{
    /// <summary><c>attn.proj_1.weight</c> [C, C].</summary>
    public float* ProjectIn { get; init; }

    /// <summary><c>attn.proj_1.bias</c> [C].</summary>
    public float* ProjectInBias { get; init; }

    /// <summary><c>attn.spatial_gating_unit.conv3.weight</c> [C, C].</summary>
    public float* Mix { get; init; }

    /// <summary><c>attn.spatial_gating_unit.conv3.bias</c> [C].</summary>
    public float* MixBias { get; init; }

    /// <summary><c>attn.proj_2.weight</c> [C, C].</summary>
    public float* ProjectOut { get; init; }

    /// <summary><c>attn.proj_2.bias</c> [C].</summary>
    public float* ProjectOutBias { get; init; }

    /// <summary><c>layer_scale_1</c> [C].</summary>
    public float* LayerScale { get; init; }

    internal float*[] Kernels => kernels;

    internal float*[] KernelBiases => kernelBiases;
}
