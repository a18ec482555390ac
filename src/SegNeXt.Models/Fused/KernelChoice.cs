namespace SegNeXt.Models;

/// <summary>Whose kernels compute a network.</summary>
public enum KernelChoice
{
    /// <summary>libtorch's, on any device and in any type.</summary>
    Libtorch,

    /// <summary>
    /// This project's SIMD kernels, which fuse each half of a block forward and backward, where they apply: single precision
    /// on the CPU, channels in sixteens. libtorch's elsewhere.
    /// </summary>
    Fused,
}
