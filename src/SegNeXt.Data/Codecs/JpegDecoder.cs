using System.Globalization;
using System.Runtime.InteropServices;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Decodes JPEG by libjpeg-turbo: accurate integer transform, smooth chroma upsampling.</summary>
/// <remarks>
/// Every warning of the decoder is a fault of the picture here, since <see cref="JpegStructure"/> has taken the harmless
/// causes out: a file that ends early, a scan shorter than the size in the header, bad codes, restart markers out of
/// order. One remains that cannot be seen beforehand: bytes between the end of the last scan's codes and the
/// end-of-image marker. Some cameras pad there, so a run of one value passes, and <see cref="PaddingLimit"/> bytes of
/// any; others are codes left over, and mean a damaged scan or a header that claims less height than the scan holds.
/// </remarks>
internal static class JpegDecoder
{
    /// <summary>Bytes of any value before the end-of-image marker that are no fault.</summary>
    private const int PaddingLimit = 4;

    private const int Flags = NativeTurboJpeg.AccurateDct | NativeTurboJpeg.LimitScans;

    /// <summary>Decodes a whole file.</summary>
    /// <exception cref="InputException">The file is damaged, incomplete, too large, or of a kind that is not read.</exception>
    /// <exception cref="ArgumentException">The reduction is none of 1, 2, 4 and 8.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> data, string name, ImageReadOptions options)
    {
        JpegStructure structure = JpegStructure.Parse(data, name, options);
        JpegFrame frame = structure.Frame;
        if (options.Reduction is not (1 or 2 or 4 or 8))
        {
            throw new ArgumentException($"A JPEG is decoded at 1, 1/2, 1/4 or 1/8 of its size, not at 1/{options.Reduction}.", nameof(options));
        }

        bool cmyk = frame.Components == 4;
        int channels = cmyk ? 4 : 3;
        (int width, int height) = (Reduced(frame.Width, options.Reduction), Reduced(frame.Height, options.Reduction));
        byte[] pixels = GC.AllocateUninitializedArray<byte>(width * height * channels);
        Decompress(structure.ForDecoder(data), frame, pixels, width, height, cmyk ? NativeTurboJpeg.PixelCmyk : NativeTurboJpeg.PixelRgb, name);

        RgbImage image = new(
            width,
            height,
            cmyk ? CmykColors.ToRgb(pixels, inverted: structure.AdobeTransform is not null) : pixels);
        return options.ApplyOrientation ? PictureTurn.Apply(image, structure.Orientation) : image;
    }

    /// <summary>A side at a part of its size, as libjpeg rounds it.</summary>
    /// <param name="side">Pixels.</param>
    /// <param name="reduction">1, 2, 4 or 8.</param>
    public static int Reduced(int side, int reduction) => (side + reduction - 1) / reduction;

    private static void Decompress(ReadOnlySpan<byte> data, JpegFrame frame, byte[] pixels, int width, int height, int format, string name)
    {
        // A new one for each file: one that is used again still has the tables of the file before, and would decode a
        // file that lacks its own.
        using TurboJpegHandle decompressor = NativeTurboJpeg.InitDecompress();

        // The size is stated, so that the library itself keeps within the array; it takes the largest of its scales
        // that fits into it, which is the one that the size was computed for.
        int Run(ReadOnlySpan<byte> jpeg, int flags) => NativeTurboJpeg.Decompress(
            decompressor, jpeg, new CULong((nuint)jpeg.Length), pixels, width, 0, height, format, flags);

        if (Run(data, Flags | NativeTurboJpeg.StopOnWarning) == 0)
        {
            return;
        }

        string fault = NativeTurboJpeg.ErrorText(decompressor);
        if (IsPadding(fault, data))
        {
            // Up to the end of the last scan there was no warning; again, without stopping at this one.
            if (Run(data, Flags) == 0 || NativeTurboJpeg.ErrorCode(decompressor) == NativeTurboJpeg.ErrorIsWarning)
            {
                return;
            }

            fault = NativeTurboJpeg.ErrorText(decompressor);
        }

        throw new InputException($"{name} {Explain(fault, frame)}.");
    }

    /// <summary>Whether a warning is "Corrupt JPEG data: 12 extraneous bytes before marker 0xd9" and those bytes are padding.</summary>
    private static bool IsPadding(string fault, ReadOnlySpan<byte> data)
    {
        const string Before = "Corrupt JPEG data: ";
        const string After = " extraneous bytes before marker 0xd9";
        if (!fault.StartsWith(Before, StringComparison.Ordinal) || !fault.EndsWith(After, StringComparison.Ordinal)
            || !int.TryParse(fault.AsSpan(Before.Length, fault.Length - Before.Length - After.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            return false;
        }

        // The data end with the marker's two bytes.
        return count <= PaddingLimit
            || (count <= data.Length - 2 && !data[^(count + 2)..^2].ContainsAnyExcept(data[^3]));
    }

    private static string Explain(string fault, JpegFrame frame)
    {
        string size = $"{frame.Width}×{frame.Height}";
        return fault switch
        {
            _ when fault.Contains("premature end", StringComparison.OrdinalIgnoreCase) =>
                $"is incomplete: its picture data end before the {size} pixels that its header claims",
            _ when fault.Contains("extraneous bytes before marker 0xd9", StringComparison.Ordinal) =>
                $"is damaged: its picture data do not end where the {size} pixels that its header claims are complete",
            _ => $"is damaged: {fault.Replace("Corrupt JPEG data: ", "", StringComparison.Ordinal).TrimEnd('.')} (libjpeg-turbo)",
        };
    }
}
