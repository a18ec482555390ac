using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>libtorch's switches for a GPU. All of them are the process's; on the CPU they change nothing.</summary>
public static class CudaSettings
{
    /// <summary>Sets how products in single precision are computed.</summary>
    /// <param name="tf32">The choice; the default leaves libtorch's.</param>
    public static void Apply(Tf32 tf32)
    {
        if (tf32 != Tf32.Default)
        {
            TorchRuntime.AllowTf32 = tf32 == Tf32.On;
        }
    }

    /// <summary>
    /// Makes ready for many pictures of one size: cuDNN times its algorithms once and keeps the fastest, or takes one that
    /// repeats itself.
    /// </summary>
    /// <param name="deterministic">Whether the same numbers are wanted every time.</param>
    public static void ForOneSize(bool deterministic = false) =>
        (TorchRuntime.CudnnBenchmark, TorchRuntime.CudnnDeterministic) = (!deterministic, deterministic);

    /// <summary>Makes ready for pictures of many sizes, where timing algorithms for each would cost more than it gains.</summary>
    public static void ForManySizes() => TorchRuntime.CudnnBenchmark = false;
}
