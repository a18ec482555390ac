namespace SegNeXt.Core;

/// <summary>Whether training changes a tensor by its gradient.</summary>
public enum TensorKind
{
    /// <summary>Learned: weights, biases, layer scales.</summary>
    Parameter,

    /// <summary>State that is not learned: running statistics, counters, the fixed NMF bases.</summary>
    Buffer,
}

/// <summary>One tensor that a model holds: what a weight file for it must bring.</summary>
/// <param name="Name">Its name in the released <c>state_dict</c>, such as <c>backbone.block1.0.layer_scale_1</c>.</param>
/// <param name="Shape">Its sizes, outermost first; empty for a scalar.</param>
/// <param name="Kind">Parameter or buffer.</param>
/// <param name="DType">Its element type in the model.</param>
public sealed record TensorSpec(string Name, long[] Shape, TensorKind Kind, TensorDType DType);
