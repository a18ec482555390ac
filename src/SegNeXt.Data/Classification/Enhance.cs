namespace SegNeXt.Data;

/// <summary>
/// Blends of a picture with a poorer one, <c>poor + f·(picture − poor)</c>: f = 1 changes nothing, less takes away, more
/// exaggerates. As Pillow's <c>ImageEnhance</c>, in place.
/// </summary>
internal static class Enhance
{
    private const int Channels = 3;

    /// <summary>With black.</summary>
    public static void Brightness(Span<byte> rgb, float factor) => Level(rgb, 0, factor);

    /// <summary>With the picture's mean grey.</summary>
    public static void Contrast(Span<byte> rgb, float factor)
    {
        long sum = 0;
        for (int p = 0; p + 2 < rgb.Length; p += Channels)
        {
            sum += Grey(rgb[p], rgb[p + 1], rgb[p + 2]);
        }

        int pixels = rgb.Length / Channels;
        Level(rgb, (int)(((double)sum / pixels) + 0.5), factor);
    }

    /// <summary>With each pixel's grey.</summary>
    public static void Color(Span<byte> rgb, float factor)
    {
        for (int p = 0; p + 2 < rgb.Length; p += Channels)
        {
            int grey = Grey(rgb[p], rgb[p + 1], rgb[p + 2]);
            rgb[p] = Blend(grey, rgb[p], factor);
            rgb[p + 1] = Blend(grey, rgb[p + 1], factor);
            rgb[p + 2] = Blend(grey, rgb[p + 2], factor);
        }
    }

    /// <summary>With a smoothed picture: 3×3, the centre five times; the border is left as it is.</summary>
    /// <param name="rgb">The pixels, <c>[H, W, 3]</c>.</param>
    /// <param name="width">Columns W.</param>
    /// <param name="factor">f.</param>
    /// <param name="scratch">As many bytes, whatever they hold.</param>
    public static void Sharpness(Span<byte> rgb, int width, float factor, Span<byte> scratch)
    {
        int stride = width * Channels;
        int height = rgb.Length / stride;
        rgb.CopyTo(scratch);
        ReadOnlySpan<byte> from = scratch[..rgb.Length];
        for (int y = 1; y < height - 1; y++)
        {
            ReadOnlySpan<byte> above = from.Slice((y - 1) * stride, stride);
            ReadOnlySpan<byte> here = from.Slice(y * stride, stride);
            ReadOnlySpan<byte> below = from.Slice((y + 1) * stride, stride);
            Span<byte> result = rgb.Slice(y * stride, stride);
            for (int i = Channels; i < stride - Channels; i++)
            {
                int sum = above[i - 3] + above[i] + above[i + 3] + here[i - 3] + (5 * here[i]) + here[i + 3] + below[i - 3] + below[i] + below[i + 3];
                int smooth = ((2 * sum) + 13) / 26;
                result[i] = Blend(smooth, here[i], factor);
            }
        }
    }

    /// <summary>Rec. 601's luma in 16 bits of fixed point.</summary>
    private static int Grey(int r, int g, int b) => ((19595 * r) + (38470 * g) + (7471 * b) + 0x8000) >> 16;

    private static void Level(Span<byte> rgb, int poor, float factor)
    {
        Span<byte> table = stackalloc byte[ByteTable.Length];
        for (int v = 0; v < table.Length; v++)
        {
            table[v] = Blend(poor, v, factor);
        }

        ByteTable.Map(rgb, table);
    }

    private static byte Blend(int poor, int value, float factor) => (byte)Math.Clamp(poor + (factor * (value - poor)), 0f, 255f);
}
