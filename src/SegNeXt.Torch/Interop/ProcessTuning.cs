using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace SegNeXt.Torch;

/// <summary>
/// Settings of the C libraries under libtorch that must stand before it is loaded. Values that the user has set in the
/// environment stay.
/// </summary>
internal static partial class ProcessTuning
{
    /// <summary>
    /// How long a thread of libtorch's OpenMP pool spins at a barrier before it sleeps. The default, some milliseconds,
    /// wastes most of the machine as soon as anything else runs on it, the loader's own threads to begin with (a step
    /// took ten times as long beside a busy neighbour); this is about as long as the gap between two operations.
    /// </summary>
    private const string SpinCount = "1000";

    /// <summary>
    /// As an exponent of two, the clock ticks that a thread of OpenBLAS's own pool calls <c>sched_yield</c> in a loop
    /// after its work before it sleeps. The default, 26, is some 20 ms: the pool then never sleeps during training, and
    /// half of the process's time went into that call.
    /// </summary>
    private const string BlasTimeout = "14";

    // <malloc.h> of glibc.
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;

    /// <summary>Blocks up to here come from the heap; more than this glibc does not take.</summary>
    private const int LargestHeapBlock = 32 << 20;

    /// <summary>Free memory at the heap's end that is kept.</summary>
    private const int KeptFree = int.MaxValue;

    /// <summary>Applies the settings; does nothing where there is no glibc.</summary>
    internal static void Apply()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            {
                // .NET's own SetEnvironmentVariable does not reach native code.
                _ = SetEnvironment("GOMP_SPINCOUNT", SpinCount, 0);
            }

            _ = SetEnvironment("OPENBLAS_THREAD_TIMEOUT", BlasTimeout, 0);
            UseWideVectors();

            // Every step allocates and frees the same large maps: keep the pages instead of asking the system for zeroed
            // ones each time.
            _ = SetAllocator(MmapThreshold, LargestHeapBlock);
            _ = SetAllocator(TrimThreshold, KeptFree);
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library: its own defaults hold.
        }
    }

    /// <summary>
    /// On a processor with AVX-512 both libraries choose AVX2 by themselves: OpenBLAS knows only the models that were
    /// there when it was released, and libtorch is careful because of the clock of the first such processors. A step of
    /// SegNeXt-T takes a quarter less with the wide vectors.
    /// </summary>
    private static void UseWideVectors()
    {
        if (Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported)
        {
            _ = SetEnvironment("OPENBLAS_CORETYPE", "SKYLAKEX", 0);
            _ = SetEnvironment("ATEN_CPU_CAPABILITY", "avx512", 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);
}
