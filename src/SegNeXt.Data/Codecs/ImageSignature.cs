using System.Buffers.Binary;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>The two formats that are read.</summary>
internal enum ImageFormat
{
    Jpeg,
    Png,
}

/// <summary>What a file is, judged by its first bytes and never by its name.</summary>
internal static class ImageSignature
{
    /// <summary>How many leading bytes <see cref="Require"/> looks at, at most.</summary>
    public const int Length = 160;

    /// <summary>The format of a file that starts with <paramref name="start"/>.</summary>
    /// <exception cref="InputException">It is neither JPEG nor PNG; the message says what it is instead.</exception>
    public static ImageFormat Require(ReadOnlySpan<byte> start, string name)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return ImageFormat.Jpeg;
        }

        if (start.StartsWith(PngStructure.Signature))
        {
            return ImageFormat.Png;
        }

        throw start.IsEmpty ? new InputException($"{name} is empty.") : new UnknownPictureException($"{name} {Describe(start)}; JPEG and PNG are read.");
    }

    private static string Describe(ReadOnlySpan<byte> start) =>
        start.StartsWith("GIF8"u8) ? "is a GIF picture"
        : start.StartsWith("RIFF"u8) && At(start, 8, "WEBP"u8) ? "is a WebP picture"
        : start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8) || start.StartsWith("II+\0"u8) || start.StartsWith("MM\0+"u8) ? "is a TIFF picture"
        : IsBmp(start) ? "is a BMP picture"
        : At(start, 4, "ftyp"u8) ? DescribeBoxes(start)
        : At(start, 4, "jP  \r\n"u8) || start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]) ? "is a JPEG 2000 picture"
        : At(start, 4, "JXL \r\n"u8) || start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) ? "is a JPEG XL picture"
        : start.StartsWith("8BPS"u8) ? "is a Photoshop document"
        : start.StartsWith((ReadOnlySpan<byte>)[0x76, 0x2F, 0x31, 0x01]) ? "is an OpenEXR picture"
        : start.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0]) ? "is an icon file"
        : At(start, 128, "DICM"u8) ? "is a DICOM file"
        : At(start, 1, "NUMPY"u8) ? "is a NumPy array"
        : start.StartsWith("%PDF"u8) ? "is a PDF document"
        : start.StartsWith("PK\u0003\u0004"u8) ? "is a zip archive"
        : start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "is a gzip archive"
        : start.StartsWith("version https://git-lfs"u8) ? "is a Git LFS pointer, not the picture itself (`git lfs pull` brings it)"
        : At(start, 1, "PNG\n"u8) || At(start, 1, "PNG\r\n\n"u8) ? "was a PNG file once, damaged by a transfer in text mode"
        : IsNetpbm(start) ? "is a Netpbm (PPM, PGM) picture"
        : IsText(start) ? "is a text file"
        : IsZero(start) ? "begins with nothing but zero bytes, as a file does that was never written out"
        : "is not a picture of a known format";

    private static bool At(ReadOnlySpan<byte> start, int offset, ReadOnlySpan<byte> value) =>
        start.Length >= offset + value.Length && start.Slice(offset, value.Length).SequenceEqual(value);

    private static bool IsBmp(ReadOnlySpan<byte> start) =>
        start.Length >= 18 && start.StartsWith("BM"u8)
        && BinaryPrimitives.ReadUInt32LittleEndian(start[14..]) is 12 or 40 or 52 or 56 or 64 or 108 or 124;

    private static string DescribeBoxes(ReadOnlySpan<byte> start) =>
        At(start, 8, "avif"u8) || At(start, 8, "avis"u8) ? "is an AVIF picture"
        : At(start, 8, "hei"u8) || At(start, 8, "hev"u8) || At(start, 8, "mif1"u8) || At(start, 8, "msf1"u8) ? "is a HEIC picture"
        : "is a video or other MP4-like file";

    private static bool IsNetpbm(ReadOnlySpan<byte> start) =>
        start.Length > 2 && start[0] == 'P' && start[1] is >= (byte)'1' and <= (byte)'7' && start[2] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    /// <summary>Nothing but printable characters, line ends and the bytes of UTF-8.</summary>
    private static bool IsText(ReadOnlySpan<byte> start)
    {
        foreach (byte value in start)
        {
            if (value is (< 32 and not (9 or 10 or 13)) or 127 or 0xC0 or 0xC1 or > 0xF4)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsZero(ReadOnlySpan<byte> start) => !start.ContainsAnyExcept((byte)0);
}
