namespace SegNeXt.Data;

/// <summary>Point operations on 8-bit values as tables of 256 bytes.</summary>
internal static class ByteTable
{
    /// <summary>Entries of a table.</summary>
    public const int Length = 256;

    /// <summary>Makes <paramref name="table"/> change nothing.</summary>
    public static void Identity(Span<byte> table)
    {
        for (int v = 0; v < Length; v++)
        {
            table[v] = (byte)v;
        }
    }

    /// <summary>
    /// Appends <c>v·alpha + beta</c>, clipped to 0–255 and cut to an integer, to what the table does already;
    /// float32 arithmetic, as <c>PhotoMetricDistortion.convert</c> in the released <c>transforms.py</c>.
    /// </summary>
    public static void AppendLinear(Span<byte> table, float alpha, float beta)
    {
        for (int v = 0; v < Length; v++)
        {
            // Two statements: the product is rounded to float32 before the sum, never fused.
            float scaled = table[v] * alpha;
            table[v] = (byte)Math.Clamp(scaled + beta, 0f, 255f);
        }
    }

    /// <summary>Replaces each value by its entry.</summary>
    public static void Map(Span<byte> values, ReadOnlySpan<byte> table)
    {
        table = table[..Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = table[values[i]];
        }
    }
}
