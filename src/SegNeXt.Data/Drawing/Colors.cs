namespace SegNeXt.Data;

/// <summary>Arithmetic on colours <c>0xRRGGBB</c>.</summary>
internal static class Colors
{
    /// <summary>Text on white.</summary>
    public const int Ink = 0x1F2328;

    /// <summary>Text of less weight on white.</summary>
    public const int SoftInk = 0x656D76;

    /// <summary>Thin lines on white.</summary>
    public const int Line = 0xD0D7DE;

    /// <summary>White.</summary>
    public const int Paper = 0xFFFFFF;

    /// <summary><c>a + (b − a)·share/255</c>, rounded.</summary>
    public static byte Mix(int a, int b, int share) => (byte)((a * (255 - share) + b * share + 127) / 255);

    /// <summary>Mixes a colour into a pixel.</summary>
    /// <param name="pixel">Red, green and blue.</param>
    /// <param name="color"><c>0xRRGGBB</c>.</param>
    /// <param name="share">0 (the pixel stays) to 255 (the colour alone).</param>
    public static void MixInto(Span<byte> pixel, int color, int share)
    {
        pixel[0] = Mix(pixel[0], color >> 16 & 255, share);
        pixel[1] = Mix(pixel[1], color >> 8 & 255, share);
        pixel[2] = Mix(pixel[2], color & 255, share);
    }

    /// <summary>A colour between two.</summary>
    /// <param name="a">The colour at 0.</param>
    /// <param name="b">The colour at 1.</param>
    /// <param name="share">0 to 1.</param>
    public static int Mix(int a, int b, double share)
    {
        int s = (int)Math.Round(Math.Clamp(share, 0, 1) * 255);
        return Mix(a >> 16 & 255, b >> 16 & 255, s) << 16 | Mix(a >> 8 & 255, b >> 8 & 255, s) << 8 | Mix(a & 255, b & 255, s);
    }

    /// <summary>How light a colour looks, 0 to 1 (the luma of Rec. 601).</summary>
    public static double Lightness(int color) =>
        (0.299 * (color >> 16 & 255) + 0.587 * (color >> 8 & 255) + 0.114 * (color & 255)) / 255;
}
