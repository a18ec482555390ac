using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SegNeXt.Core;

/// <summary>
/// The fixed-point bilinear resize of 8-bit RGB. Each source row that is needed is resized along x once, into one of
/// two rows of 15-bit sums (the row's parity says which); each result row mixes the two.
/// </summary>
internal static class BilinearRgb
{
    private const int Channels = 3;

    /// <summary>Resizes <paramref name="source"/> to the columns and rows of the two tables.</summary>
    public static void Resize(RgbImage source, in ResizeAxis columns, in ResizeAxis rows, Span<byte> target)
    {
        int[] columnWeights = PackWeights(columns);
        int fast = CountWholeReads(columns, source.Width);
        int sourceStride = source.Width * Channels;
        int targetStride = columns.First.Length * Channels;

        // One short more than a row: the last pixel of the fast path stores four.
        short[][] lines = [new short[targetStride + 1], new short[targetStride + 1]];
        int[] held = [-1, -1];
        for (int y = 0; y < rows.First.Length; y++)
        {
            foreach (int row in (ReadOnlySpan<int>)[rows.First[y], rows.Second[y]])
            {
                int slot = row & 1;
                if (held[slot] != row)
                {
                    held[slot] = row;
                    ResizeRow(source.Pixels.AsSpan(row * sourceStride, sourceStride), lines[slot], columns, columnWeights, fast);
                }
            }

            (short upper, short lower) = rows.Weights(y);
            MixRows(
                lines[rows.First[y] & 1].AsSpan(0, targetStride),
                lines[rows.Second[y] & 1].AsSpan(0, targetStride),
                upper,
                lower,
                target.Slice(y * targetStride, targetStride));
        }
    }

    /// <summary>The weights of a column as one number: the first in the low half, the second in the high half.</summary>
    private static int[] PackWeights(in ResizeAxis columns)
    {
        int[] packed = new int[columns.First.Length];
        for (int x = 0; x < packed.Length; x++)
        {
            (short first, short second) = columns.Weights(x);
            packed[x] = (ushort)first | (second << 16);
        }

        return packed;
    }

    /// <summary>How many leading result columns may read eight bytes at their source pixel without leaving the row.</summary>
    private static int CountWholeReads(in ResizeAxis columns, int width)
    {
        if (!Sse2.IsSupported)
        {
            return 0;
        }

        int count = 0;
        while (count < columns.First.Length && (long)columns.First[count] * Channels + sizeof(ulong) <= (long)width * Channels)
        {
            count++;
        }

        return count;
    }

    /// <summary><c>line = (P[s]·w0 + P[s+1]·w1) >> 4</c> per channel.</summary>
    private static void ResizeRow(ReadOnlySpan<byte> pixels, Span<short> line, in ResizeAxis columns, ReadOnlySpan<int> weights, int fast)
    {
        ReadOnlySpan<int> first = columns.First;
        ReadOnlySpan<int> second = columns.Second;
        if (Sse2.IsSupported)
        {
            // R0 G0 B0 R1 G1 B1 becomes the 16-bit pairs (R0,R1) (G0,G1) (B0,B1); an index of 16 or more gives zero.
            Vector128<byte> pairs = Vector128.Create((byte)0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, 255);
            for (int x = 0; x < fast; x++)
            {
                ulong two = BinaryPrimitives.ReadUInt64LittleEndian(pixels[(first[x] * Channels)..]);
                Vector128<short> values = Vector128.Shuffle(Vector128.CreateScalar(two).AsByte(), pairs).AsInt16();
                Vector128<int> sums = Sse2.MultiplyAddAdjacent(values, Vector128.Create(weights[x]).AsInt16()) >> 4;
                // Four are stored, the fourth is overwritten by the next pixel.
                BinaryPrimitives.WriteUInt64LittleEndian(
                    MemoryMarshal.AsBytes(line[(x * Channels)..]), Sse2.PackSignedSaturate(sums, sums).AsUInt64().ToScalar());
            }
        }

        for (int x = fast; x < first.Length; x++)
        {
            int w0 = (short)weights[x];
            int w1 = weights[x] >> 16;
            int a = first[x] * Channels;
            int b = second[x] * Channels;
            for (int c = 0; c < Channels; c++)
            {
                line[x * Channels + c] = (short)((pixels[a + c] * w0 + pixels[b + c] * w1) >> 4);
            }
        }
    }

    /// <summary><c>target = (((upper·a) >> 16) + ((lower·b) >> 16) + 2) >> 2</c>.</summary>
    private static void MixRows(ReadOnlySpan<short> a, ReadOnlySpan<short> b, short upper, short lower, Span<byte> target)
    {
        int done = 0;
        if (Avx2.IsSupported)
        {
            ReadOnlySpan<Vector256<short>> va = MemoryMarshal.Cast<short, Vector256<short>>(a);
            ReadOnlySpan<Vector256<short>> vb = MemoryMarshal.Cast<short, Vector256<short>>(b);
            Span<Vector256<byte>> vt = MemoryMarshal.Cast<byte, Vector256<byte>>(target);
            Vector256<short> w0 = Vector256.Create(upper);
            Vector256<short> w1 = Vector256.Create(lower);
            Vector256<short> half = Vector256.Create((short)2);
            for (int i = 0; i < vt.Length; i++)
            {
                int j = 2 * i;
                Vector256<short> low = (Avx2.MultiplyHigh(va[j], w0) + Avx2.MultiplyHigh(vb[j], w1) + half) >> 2;
                Vector256<short> high = (Avx2.MultiplyHigh(va[j + 1], w0) + Avx2.MultiplyHigh(vb[j + 1], w1) + half) >> 2;
                vt[i] = Vector256.Narrow(low.AsUInt16(), high.AsUInt16());
            }

            done = vt.Length * Vector256<byte>.Count;
        }

        for (int i = done; i < target.Length; i++)
        {
            target[i] = (byte)((((upper * a[i]) >> 16) + ((lower * b[i]) >> 16) + 2) >> 2);
        }
    }
}
