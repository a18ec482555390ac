using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SegNeXt.Kernels;

/// <summary>Hints to the processor to bring memory near that will be read soon; nothing where there is no such hint.</summary>
internal static unsafe class Prefetch
{
    private const int Line = 16;

    /// <summary>Brings the lines into the second-level cache that addresses in equal distances lie in.</summary>
    public static void Lines(float* start, int count, nint stride)
    {
        if (Sse.IsSupported)
        {
            for (int i = 0; i < count; i++)
            {
                Sse.Prefetch1(start);
                start += stride;
            }
        }
    }

    /// <summary>Brings numbers into the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Near(float* start, nint count)
    {
        if (Sse.IsSupported)
        {
            for (nint i = 0; i < count; i += Line)
            {
                Sse.Prefetch0(start + i);
            }
        }
    }

    /// <summary>Brings numbers into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(float* start, nint count)
    {
        if (Sse.IsSupported)
        {
            for (nint i = 0; i < count; i += Line)
            {
                Sse.Prefetch1(start + i);
            }
        }
    }
}
