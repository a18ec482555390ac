using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SegNeXt.Data;

/// <summary>libspng, as far as it is used here (spng.h of 0.7).</summary>
internal static partial class NativeSpng
{
    public const string Library = "spng";

    /// <summary><c>SPNG_CTX_ENCODER</c>.</summary>
    public const int ContextEncoder = 2;

    /// <summary><c>SPNG_FMT_RGB8</c>.</summary>
    public const int FormatRgb8 = 4;

    /// <summary><c>SPNG_FMT_PNG</c>: the file's own layout, 16-bit values in the machine's byte order.</summary>
    public const int FormatPng = 256;

    /// <summary><c>SPNG_FMT_RAW</c>: the file's own layout, 16-bit values with the high byte first.</summary>
    public const int FormatRaw = 512;

    /// <summary><c>SPNG_DECODE_PROGRESSIVE</c>: prepares for reading row by row.</summary>
    public const int DecodeProgressive = 256;

    /// <summary><c>SPNG_ENCODE_PROGRESSIVE</c>: prepares for writing row by row.</summary>
    public const int EncodeProgressive = 1;

    /// <summary><c>SPNG_ENCODE_FINALIZE</c>.</summary>
    public const int EncodeFinalize = 2;

    /// <summary><c>SPNG_IO_ERROR</c>: what a stream's function answers where it fails.</summary>
    public const int StreamError = -2;

    /// <summary><c>SPNG_EOI</c>: what the last row answers; no fault.</summary>
    public const int EndOfImage = 75;

    /// <summary><c>SPNG_IMG_COMPRESSION_LEVEL</c>: zlib's level.</summary>
    public const int OptionCompressionLevel = 2;

    /// <summary><c>SPNG_IMG_COMPRESSION_STRATEGY</c>: zlib's strategy.</summary>
    public const int OptionCompressionStrategy = 5;

    /// <summary><c>SPNG_FILTER_CHOICE</c>: the set of row filters that the encoder may choose from.</summary>
    public const int OptionFilterChoice = 10;

    /// <summary><c>SPNG_ENCODE_TO_BUFFER</c>.</summary>
    public const int OptionEncodeToBuffer = 12;

    static NativeSpng() => ImageLibraryResolver.Register();

    [LibraryImport(Library, EntryPoint = "spng_ctx_new")]
    public static partial SpngHandle NewContext(int flags);

    [LibraryImport(Library, EntryPoint = "spng_ctx_free")]
    public static partial void FreeContext(nint context);

    /// <summary>The buffer is not copied: it must stay where it is until the context is freed.</summary>
    [LibraryImport(Library, EntryPoint = "spng_set_png_buffer")]
    public static partial int SetPngBuffer(SpngHandle context, nint png, nuint length);

    /// <summary>A function that reads or writes all of the bytes it is asked for and answers 0, or <see cref="StreamError"/>.</summary>
    [LibraryImport(Library, EntryPoint = "spng_set_png_stream")]
    public static unsafe partial int SetPngStream(SpngHandle context, delegate* unmanaged[Cdecl]<nint, nint, byte*, nuint, int> function, nint user);

    /// <summary>The next row; <see cref="EndOfImage"/> with the last one.</summary>
    [LibraryImport(Library, EntryPoint = "spng_decode_row")]
    public static partial int DecodeRow(SpngHandle context, Span<byte> row, nuint length);

    /// <summary>The next row; <see cref="EndOfImage"/> with the last one.</summary>
    [LibraryImport(Library, EntryPoint = "spng_encode_row")]
    public static partial int EncodeRow(SpngHandle context, ReadOnlySpan<byte> row, nuint length);

    [LibraryImport(Library, EntryPoint = "spng_decode_image")]
    public static partial int DecodeImage(SpngHandle context, Span<byte> pixels, nuint length, int format, int flags);

    /// <summary>Reads on to the end of the file, and checks the sums of what the pixels did not need.</summary>
    [LibraryImport(Library, EntryPoint = "spng_decode_chunks")]
    public static partial int DecodeChunks(SpngHandle context);

    [LibraryImport(Library, EntryPoint = "spng_decoded_image_size")]
    public static partial int DecodedImageSize(SpngHandle context, int format, out nuint length);

    [LibraryImport(Library, EntryPoint = "spng_set_option")]
    public static partial int SetOption(SpngHandle context, int option, int value);

    [LibraryImport(Library, EntryPoint = "spng_set_ihdr")]
    public static partial int SetHeader(SpngHandle context, in SpngHeader header);

    /// <summary>The struct is a count and 256 entries of red, green, blue and an unused byte.</summary>
    [LibraryImport(Library, EntryPoint = "spng_set_plte")]
    public static partial int SetPalette(SpngHandle context, ReadOnlySpan<uint> countAndEntries);

    [LibraryImport(Library, EntryPoint = "spng_encode_image")]
    public static partial int EncodeImage(SpngHandle context, ReadOnlySpan<byte> pixels, nuint length, int format, int flags);

    /// <summary>The encoded file; the caller frees it as C's <c>malloc</c> memory.</summary>
    [LibraryImport(Library, EntryPoint = "spng_get_png_buffer")]
    public static partial nint GetPngBuffer(SpngHandle context, out nuint length, out int error);

    /// <summary>The library's words for one of its error numbers.</summary>
    public static string ErrorText(int error) => Marshal.PtrToStringUTF8(ErrorString(error)) ?? "unknown error";

    [LibraryImport(Library, EntryPoint = "spng_strerror")]
    private static partial nint ErrorString(int error);
}

/// <summary><c>struct spng_ihdr</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SpngHeader
{
    public uint Width;
    public uint Height;
    public byte BitDepth;
    public byte ColorType;
    public byte CompressionMethod;
    public byte FilterMethod;
    public byte InterlaceMethod;
}

/// <summary>A libspng context: one file being decoded or encoded.</summary>
internal sealed class SpngHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public SpngHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        NativeSpng.FreeContext(handle);
        return true;
    }
}
