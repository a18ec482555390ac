using System.Runtime.InteropServices;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Encodes pictures as JPEG (libjpeg-turbo).</summary>
public static class JpegWriter
{
    /// <summary>The largest edge that libjpeg writes.</summary>
    public const int MaxEdge = 65500;

    /// <summary>From this quality on, colours keep their full resolution.</summary>
    private const int FullColourQuality = 95;

    /// <summary>Encodes a picture as baseline JPEG; chroma at half resolution below quality 95, at full resolution from there on.</summary>
    /// <param name="image">The picture; no edge above <see cref="MaxEdge"/>.</param>
    /// <param name="quality">1 (smallest) to 100 (best).</param>
    /// <returns>The bytes of the JPEG file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The quality is outside its range, or the picture too large for the format.</exception>
    public static byte[] Encode(RgbImage image, int quality = 90)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(image.Width, MaxEdge, nameof(image));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(image.Height, MaxEdge, nameof(image));

        int subsampling = quality >= FullColourQuality ? NativeTurboJpeg.Samples444 : NativeTurboJpeg.Samples420;
        int capacity = checked((int)NativeTurboJpeg.BufferSize(image.Width, image.Height, subsampling).Value);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0);
        CULong size = new((nuint)capacity);
        using TurboJpegHandle compressor = NativeTurboJpeg.InitCompress();
        int status = NativeTurboJpeg.Compress(
            compressor,
            image.Pixels,
            image.Width,
            0,
            image.Height,
            NativeTurboJpeg.PixelRgb,
            ref address,
            ref size,
            subsampling,
            quality,
            NativeTurboJpeg.AccurateDct | NativeTurboJpeg.NoReallocation);
        if (status != 0)
        {
            throw new InvalidOperationException($"libjpeg-turbo could not encode: {NativeTurboJpeg.ErrorText(compressor)}.");
        }

        return buffer[..(int)size.Value];
    }

    /// <summary>Writes a picture as JPEG, as <see cref="Encode"/> gives it.</summary>
    /// <param name="path">The file; it is there wholly or not at all.</param>
    /// <param name="image">The picture; no edge above <see cref="MaxEdge"/>.</param>
    /// <param name="quality">1 (smallest) to 100 (best).</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The quality is outside its range, or the picture too large for the format.</exception>
    public static void Write(string path, RgbImage image, int quality = 90)
    {
        byte[] data = Encode(image, quality);
        AtomicFile.Write(path, stream => stream.Write(data));
    }
}
