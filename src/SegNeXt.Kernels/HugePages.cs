using System.Runtime.InteropServices;

namespace SegNeXt.Kernels;

/// <summary>
/// Asks Linux for large pages behind a block of memory, which it gives unasked only where it is set to. Maps of large
/// pictures are read a cache line here and there, each on a page of its own: with pages of 4 KB such a picture takes
/// 5 % longer, and its memory comes in a page fault at a time.
/// </summary>
internal static unsafe partial class HugePages
{
    /// <summary>Bytes of a large page, and what a block must begin at.</summary>
    public const nuint Size = 2 * 1024 * 1024;

    // MADV_HUGEPAGE of linux/mman.h.
    private const int Advice = 14;

    /// <summary>Asks for them. It is a wish: where it can't be met, the block stays as it is.</summary>
    /// <param name="start">The block's first byte.</param>
    /// <param name="bytes">Its length.</param>
    public static void Advise(void* start, nuint bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                _ = MAdvise(start, bytes, Advice);
            }
            catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
            {
                // A system without the usual C library: small pages do as well.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(void* start, nuint bytes, int advice);
}
