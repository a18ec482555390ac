using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <summary>libtorch itself: its version, threads, devices and switches. All of it is the process's.</summary>
public static class TorchRuntime
{
    private static bool s_flushDenormals;

    /// <summary>Version of the libtorch that the native library was built against, such as "1.13.1".</summary>
    public static string Version
    {
        get
        {
            Native.TorchVersion(out nint text);
            return Marshal.PtrToStringUTF8(text)!;
        }
    }

    /// <summary>libtorch's description of its build: BLAS, oneDNN, OpenMP, CUDA; several lines.</summary>
    public static string BuildConfig
    {
        get
        {
            Native.BuildConfig(out nint text);
            return Marshal.PtrToStringUTF8(text)!;
        }
    }

    /// <summary>Threads that one operation may use, ≥ 1.</summary>
    public static int Threads
    {
        get
        {
            Native.GetThreads(out int count);
            return count;
        }

        set => Native.SetThreads(value);
    }

    /// <summary>Threads that run operations beside each other; settable once, before any such work.</summary>
    public static int InteropThreads
    {
        get
        {
            Native.GetInteropThreads(out int count);
            return count;
        }

        set => Native.SetInteropThreads(value);
    }

    /// <summary>Number of usable GPUs; 0 for a CPU build or without a driver.</summary>
    public static int CudaDeviceCount
    {
        get
        {
            Native.CudaDeviceCount(out int count);
            return count;
        }
    }

    /// <summary>Whether there is a usable GPU.</summary>
    public static bool CudaAvailable => CudaDeviceCount > 0;

    /// <summary>Native tensor handles that exist now, of all threads; a leak shows as growth.</summary>
    public static long LiveTensors
    {
        get
        {
            Native.LiveTensors(out long count);
            return count;
        }
    }

    /// <summary>
    /// Whether tiny floats count as zero, which spares the CPU its slow path for them. Holds for the thread that sets it
    /// and for the threads that operations use; stays false where the CPU cannot.
    /// </summary>
    public static bool FlushDenormals
    {
        get => s_flushDenormals;
        set
        {
            Native.SetFlushDenormals(value ? 1 : 0, out int supported);
            s_flushDenormals = value && supported != 0;
        }
    }

    /// <summary>Whether cuDNN times its algorithms for each new shape and keeps the fastest.</summary>
    public static bool CudnnBenchmark
    {
        get
        {
            Native.GetCudnnBenchmark(out int on);
            return on != 0;
        }

        set => Native.SetCudnnBenchmark(value ? 1 : 0);
    }

    /// <summary>Whether cuDNN takes algorithms alone that give the same numbers every time.</summary>
    public static bool CudnnDeterministic
    {
        get
        {
            Native.GetCudnnDeterministic(out int on);
            return on != 0;
        }

        set => Native.SetCudnnDeterministic(value ? 1 : 0);
    }

    /// <summary>Whether GPU matrix products and convolutions may round their inputs to TensorFloat-32.</summary>
    public static bool AllowTf32
    {
        get
        {
            Native.GetTf32(out int on);
            return on != 0;
        }

        set => Native.SetTf32(value ? 1 : 0);
    }

    /// <summary>Waits until a device has done what this thread gave it; on the CPU there is nothing to wait for.</summary>
    /// <param name="device">The device.</param>
    public static void Synchronize(Device device) => Native.Synchronize((int)device.Type, device.NativeIndex);

    /// <summary>Whether the native library can be loaded.</summary>
    /// <param name="reason">If not: where it was looked for, or what is wrong with it, and how to get it.</param>
    public static bool IsAvailable([NotNullWhen(false)] out string? reason)
    {
        try
        {
            NativeLoader.EnsureLoaded();
            reason = null;
            return true;
        }
        catch (TorchException error)
        {
            reason = error.Message;
            return false;
        }
    }
}
