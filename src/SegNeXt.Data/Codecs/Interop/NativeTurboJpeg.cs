using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SegNeXt.Data;

/// <summary>The TurboJPEG interface of libjpeg-turbo, as far as it is used here (turbojpeg.h of 2.1; 3.x still has all of it).</summary>
internal static partial class NativeTurboJpeg
{
    public const string Library = "turbojpeg";

    /// <summary><c>TJPF_RGB</c>: three bytes a pixel.</summary>
    public const int PixelRgb = 0;

    /// <summary><c>TJPF_CMYK</c>: four bytes a pixel, as stored.</summary>
    public const int PixelCmyk = 11;

    /// <summary><c>TJSAMP_444</c>.</summary>
    public const int Samples444 = 0;

    /// <summary><c>TJSAMP_420</c>.</summary>
    public const int Samples420 = 2;

    /// <summary><c>TJFLAG_NOREALLOC</c>: the compressor writes into the buffer that it is given.</summary>
    public const int NoReallocation = 1024;

    /// <summary><c>TJFLAG_ACCURATEDCT</c>: the accurate integer transform.</summary>
    public const int AccurateDct = 4096;

    /// <summary><c>TJFLAG_STOPONWARNING</c>: the first warning ends the decoding.</summary>
    public const int StopOnWarning = 8192;

    /// <summary><c>TJFLAG_LIMITSCANS</c>: a progressive file with an absurd number of scans is refused.</summary>
    public const int LimitScans = 32768;

    /// <summary><c>TJERR_WARNING</c>: the picture was decoded all the same.</summary>
    public const int ErrorIsWarning = 0;

    static NativeTurboJpeg() => ImageLibraryResolver.Register();

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    public static partial TurboJpegHandle InitDecompress();

    [LibraryImport(Library, EntryPoint = "tjInitCompress")]
    public static partial TurboJpegHandle InitCompress();

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    public static partial int Decompress(
        TurboJpegHandle handle, ReadOnlySpan<byte> jpeg, CULong jpegSize, Span<byte> pixels, int width, int pitch, int height, int pixelFormat, int flags);

    [LibraryImport(Library, EntryPoint = "tjBufSize")]
    public static partial CULong BufferSize(int width, int height, int subsampling);

    [LibraryImport(Library, EntryPoint = "tjCompress2")]
    public static partial int Compress(
        TurboJpegHandle handle,
        ReadOnlySpan<byte> pixels,
        int width,
        int pitch,
        int height,
        int pixelFormat,
        ref nint jpeg,
        ref CULong jpegSize,
        int subsampling,
        int quality,
        int flags);

    [LibraryImport(Library, EntryPoint = "tjGetErrorCode")]
    public static partial int ErrorCode(TurboJpegHandle handle);

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    public static partial int Destroy(nint handle);

    /// <summary>What the last call on this thread that failed had to say.</summary>
    public static string ErrorText(TurboJpegHandle handle) => Marshal.PtrToStringUTF8(ErrorString(handle)) ?? "unknown error";

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    private static partial nint ErrorString(TurboJpegHandle handle);
}

/// <summary>A TurboJPEG compressor or decompressor.</summary>
internal sealed class TurboJpegHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public TurboJpegHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle() => NativeTurboJpeg.Destroy(handle) == 0;
}
