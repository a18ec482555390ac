namespace SegNeXt.Kernels;

/// <summary>The weights of the feed-forward half of a block, or the gradients by them, in the layout of the weight files. C channels, M hidden ones.</summary>
public readonly unsafe struct FeedForwardWeights
{
    /// <summary><c>mlp.fc1.weight</c> [M, C].</summary>
    public float* Expand { get; init; }

    /// <summary><c>mlp.fc1.bias</c> [M].</summary>
    public float* ExpandBias { get; init; }

    /// <summary><c>mlp.dwconv.dwconv.weight</c> [M, 3, 3].</summary>
    public float* DepthWise { get; init; }

    /// <summary><c>mlp.dwconv.dwconv.bias</c> [M].</summary>
    public float* DepthWiseBias { get; init; }

    /// <summary><c>mlp.fc2.weight</c> [C, M].</summary>
    public float* Reduce { get; init; }

    /// <summary><c>mlp.fc2.bias</c> [C].</summary>
    public float* ReduceBias { get; init; }

    /// <summary><c>layer_scale_2</c> [C].</summary>
    public float* LayerScale { get; init; }
}
