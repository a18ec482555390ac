namespace SegNeXt.Core;

/// <summary>What a tensor of the state dict is to training.</summary>
public enum TensorKind
{
    /// <summary>Learned by gradient descent.</summary>
    Parameter,

    /// <summary>Kept beside the parameters: a running statistic or a counter.</summary>
    Buffer,
}

/// <summary>Element types of stored tensors, under the names of the safetensors format.</summary>
public enum TensorDType
{
    /// <summary>32-bit float.</summary>
    F32,

    /// <summary>16-bit float, IEEE.</summary>
    F16,

    /// <summary>16-bit float, the upper half of a 32-bit one.</summary>
    BF16,

    /// <summary>64-bit float.</summary>
    F64,

    /// <summary>64-bit signed integer.</summary>
    I64,

    /// <summary>32-bit signed integer.</summary>
    I32,

    /// <summary>16-bit signed integer.</summary>
    I16,

    /// <summary>8-bit signed integer.</summary>
    I8,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,
}

/// <summary>One tensor of a model's state dict: what it is called, and what it holds.</summary>
/// <param name="Name">The released code's name, such as <c>backbone.block1.0.norm1.weight</c>.</param>
/// <param name="Shape">Sizes per dimension; empty for a scalar.</param>
/// <param name="Kind">Parameter or buffer.</param>
/// <param name="DType">Element type.</param>
public sealed record TensorSpec(string Name, long[] Shape, TensorKind Kind, TensorDType DType);
