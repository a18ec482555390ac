namespace SegNeXt.Training;

/// <summary>
/// Whether a GPU since Ampere may round the inputs of matrix products and convolutions in single precision to
/// TensorFloat-32, 10 bits behind the point: several times as fast.
/// </summary>
public enum Tf32
{
    /// <summary>As PyTorch has it: convolutions may, matrix products may not.</summary>
    Default,

    /// <summary>Both may.</summary>
    On,

    /// <summary>Neither may.</summary>
    Off,
}
