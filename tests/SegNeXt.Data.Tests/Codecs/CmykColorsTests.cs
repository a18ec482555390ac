using System.Runtime.InteropServices;
using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>Four-component JPEG becomes RGB by the plain formula, with the inversion that Adobe's marker means.</summary>
public class CmykColorsTests
{
    private const int Edge = 32;

    [Fact]
    public void ToRgb_BothConventions_FollowTheFormula()
    {
        byte[] cmyk = [0, 128, 255, 0, 10, 20, 30, 255, 255, 255, 255, 128];

        Assert.Equal(new byte[] { 255, 127, 0, 0, 0, 0, 0, 0, 0 }, CmykColors.ToRgb(cmyk, inverted: false));
        Assert.Equal(new byte[] { 0, 0, 0, 10, 20, 30, 128, 128, 128 }, CmykColors.ToRgb(cmyk, inverted: true));
    }

    [Fact]
    public void ReadRgb_AdobeCmykJpeg_IsConverted()
    {
        // One colour, so that the compression loses nothing that matters here: inks 55, 155, 205 and 15 of 255.
        byte[] file = EncodeInverted([200, 100, 50, 240]);
        Assert.True(file.AsSpan().IndexOf("Adobe"u8) > 0);

        RgbImage image = ImageFile.ReadRgb(file, "x.jpg");

        Assert.Equal((Edge, Edge), (image.Width, image.Height));
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int expected = new byte[] { 188, 94, 47 }[i % 3];
            Assert.InRange(image.Pixels[i], expected - 2, expected + 2);
        }
    }

    /// <summary>A JPEG of the values as they are, with the marker that says that 255 is no ink.</summary>
    private static byte[] EncodeInverted(byte[] color)
    {
        byte[] pixels = [.. Enumerable.Range(0, Edge * Edge * 4).Select(i => color[i % 4])];
        byte[] buffer = GC.AllocateArray<byte>(1 << 16, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0);
        CULong size = new((uint)buffer.Length);
        using TurboJpegHandle compressor = NativeTurboJpeg.InitCompress();
        int status = NativeTurboJpeg.Compress(
            compressor, pixels, Edge, 0, Edge, NativeTurboJpeg.PixelCmyk, ref address, ref size, NativeTurboJpeg.Samples444, 100, NativeTurboJpeg.NoReallocation);
        Assert.Equal(0, status);
        return buffer[..(int)size.Value];
    }
}
