namespace SegNeXt.Data;

/// <summary>Conversion of CMYK pixels to RGB by the plain formula <c>R = (1 − C)(1 − K)</c>, without a colour profile.</summary>
internal static class CmykColors
{
    /// <summary>Converts a whole picture.</summary>
    /// <param name="cmyk">Four bytes a pixel.</param>
    /// <param name="inverted">Whether 255 means no ink, as in all files with an Adobe segment.</param>
    /// <returns>Three bytes a pixel.</returns>
    public static byte[] ToRgb(ReadOnlySpan<byte> cmyk, bool inverted)
    {
        byte[] rgb = GC.AllocateUninitializedArray<byte>(cmyk.Length / 4 * 3);
        int flip = inverted ? 0 : 255;
        for (int i = 0, o = 0; o < rgb.Length; i += 4, o += 3)
        {
            int paper = cmyk[i + 3] ^ flip;
            for (int c = 0; c < 3; c++)
            {
                rgb[o + c] = (byte)(((cmyk[i + c] ^ flip) * paper + 127) / 255);
            }
        }

        return rgb;
    }
}
