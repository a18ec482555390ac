using System.Runtime.InteropServices;

namespace SegNeXt.Core;

/// <summary>Cutting and mirroring of pictures for the network.</summary>
internal static class Pictures
{
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly record struct Rgb(byte R, byte G, byte B);

    public static RgbImage Cut(RgbImage image, SlideWindow window)
    {
        if (window.Width == image.Width && window.Height == image.Height)
        {
            return image;
        }

        RgbImage result = new(window.Width, window.Height);
        int stride = window.Width * 3;
        for (int y = 0; y < window.Height; y++)
        {
            int start = (((window.Y + y) * image.Width) + window.X) * 3;
            image.Pixels.AsSpan(start, stride).CopyTo(result.Pixels.AsSpan(y * stride, stride));
        }

        return result;
    }

    /// <summary>Left to right.</summary>
    public static RgbImage Mirror(RgbImage image)
    {
        RgbImage result = new(image.Width, image.Height, (byte[])image.Pixels.Clone());
        Span<Rgb> pixels = MemoryMarshal.Cast<byte, Rgb>(result.Pixels.AsSpan());
        for (int y = 0; y < image.Height; y++)
        {
            pixels.Slice(y * image.Width, image.Width).Reverse();
        }

        return result;
    }
}
