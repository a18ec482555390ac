using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
        int done = Avx512Vbmi.IsSupported ? MapWide(values, table) : 0;
        for (int i = done; i < values.Length; i++)
        {
            values[i] = table[values[i]];
        }
    }

    /// <summary>
    /// Sixty-four values at a time: the table lies in four registers, two of which one instruction looks up by seven
    /// bits; the eighth chooses between the two results.
    /// </summary>
    /// <returns>How many values it has done.</returns>
    private static int MapWide(Span<byte> values, ReadOnlySpan<byte> table)
    {
        Vector512<byte> t0 = Vector512.Create(table);
        Vector512<byte> t1 = Vector512.Create(table[64..]);
        Vector512<byte> t2 = Vector512.Create(table[128..]);
        Vector512<byte> t3 = Vector512.Create(table[192..]);
        Span<Vector512<byte>> blocks = MemoryMarshal.Cast<byte, Vector512<byte>>(values);
        foreach (ref Vector512<byte> block in blocks)
        {
            Vector512<byte> low = Avx512Vbmi.PermuteVar64x8x2(t0, block, t1);
            Vector512<byte> high = Avx512Vbmi.PermuteVar64x8x2(t2, block, t3);
            block = Vector512.ConditionalSelect(Vector512.LessThan(block.AsSByte(), Vector512<sbyte>.Zero).AsByte(), high, low);
        }

        return blocks.Length * Vector512<byte>.Count;
    }
}
