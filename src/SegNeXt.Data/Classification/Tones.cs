namespace SegNeXt.Data;

/// <summary>Point operations on 8-bit RGB as Pillow's <c>ImageOps</c> does them, in place.</summary>
internal static class Tones
{
    private const int Channels = 3;
    private const int Values = 256;

    /// <summary>Each channel stretched so that its darkest value becomes 0 and its brightest 255.</summary>
    public static void AutoContrast(Span<byte> rgb)
    {
        Span<byte> tables = stackalloc byte[Channels * Values];
        Span<int> histogram = stackalloc int[Values];
        for (int c = 0; c < Channels; c++)
        {
            Count(rgb, c, histogram);
            int low = histogram.IndexOfAnyExcept(0);
            int high = histogram.LastIndexOfAnyExcept(0);
            double scale = high > low ? 255.0 / (high - low) : 1;
            double offset = high > low ? -low * scale : 0;
            for (int v = 0; v < Values; v++)
            {
                tables[(c * Values) + v] = (byte)Math.Clamp((int)((v * scale) + offset), 0, 255);
            }
        }

        Map(rgb, tables);
    }

    /// <summary>Each channel's values spread so that all are about as frequent.</summary>
    public static void Equalize(Span<byte> rgb)
    {
        Span<byte> tables = stackalloc byte[Channels * Values];
        Span<int> histogram = stackalloc int[Values];
        for (int c = 0; c < Channels; c++)
        {
            Count(rgb, c, histogram);
            Span<byte> table = tables.Slice(c * Values, Values);
            ByteTable.Identity(table);
            int last = histogram.LastIndexOfAnyExcept(0);
            int step = ((rgb.Length / Channels) - histogram[last]) / 255;
            if (step == 0)
            {
                continue;
            }

            for (int v = 0, n = step / 2; v < Values; n += histogram[v], v++)
            {
                table[v] = (byte)Math.Min(n / step, 255);
            }
        }

        Map(rgb, tables);
    }

    /// <summary>255 − v.</summary>
    public static void Invert(Span<byte> rgb)
    {
        foreach (ref byte value in rgb)
        {
            value = (byte)(255 - value);
        }
    }

    /// <summary>Keeps the highest bits of each value.</summary>
    /// <param name="rgb">The pixels.</param>
    /// <param name="bits">0 to 8.</param>
    public static void Posterize(Span<byte> rgb, int bits)
    {
        byte mask = (byte)(0xff00 >> bits);
        foreach (ref byte value in rgb)
        {
            value &= mask;
        }
    }

    /// <summary>Inverts values from a threshold on.</summary>
    public static void Solarize(Span<byte> rgb, int threshold)
    {
        foreach (ref byte value in rgb)
        {
            value = (byte)(value < threshold ? value : 255 - value);
        }
    }

    /// <summary>Adds to values below 128.</summary>
    public static void SolarizeAdd(Span<byte> rgb, int amount)
    {
        foreach (ref byte value in rgb)
        {
            value = (byte)(value < 128 ? Math.Clamp(value + amount, 0, 255) : value);
        }
    }

    private static void Count(ReadOnlySpan<byte> rgb, int channel, Span<int> histogram)
    {
        histogram.Clear();
        for (int p = channel; p < rgb.Length; p += Channels)
        {
            histogram[rgb[p]]++;
        }
    }

    private static void Map(Span<byte> rgb, ReadOnlySpan<byte> tables)
    {
        for (int p = 0; p + 2 < rgb.Length; p += Channels)
        {
            rgb[p] = tables[rgb[p]];
            rgb[p + 1] = tables[Values + rgb[p + 1]];
            rgb[p + 2] = tables[(2 * Values) + rgb[p + 2]];
        }
    }
}
