using System.Numerics;
using System.Runtime.InteropServices;

namespace SegNeXt.Core;

/// <summary>The bilinear resize of float32 maps <c>[H, W, C]</c>, built like <see cref="BilinearRgb"/>.</summary>
internal static class BilinearFloats
{
    /// <summary>Resizes <paramref name="source"/> into <paramref name="target"/>.</summary>
    public static void Resize(
        ReadOnlySpan<float> source, int width, int height, int channels, Span<float> target, int newWidth, int newHeight)
    {
        ResizeAxis columns = ResizeAxis.Columns(width, newWidth, 0, newWidth);
        ResizeAxis rows = ResizeAxis.Rows(height, newHeight, 0, newHeight);
        int sourceStride = width * channels;
        int targetStride = newWidth * channels;
        float[][] lines = [new float[targetStride], new float[targetStride]];
        int[] held = [-1, -1];
        for (int y = 0; y < newHeight; y++)
        {
            foreach (int row in (ReadOnlySpan<int>)[rows.First[y], rows.Second[y]])
            {
                int slot = row & 1;
                if (held[slot] != row)
                {
                    held[slot] = row;
                    ResizeRow(source.Slice(row * sourceStride, sourceStride), lines[slot], columns, channels);
                }
            }

            MixRows(lines[rows.First[y] & 1], lines[rows.Second[y] & 1], rows.Fraction[y], target.Slice(y * targetStride, targetStride));
        }
    }

    private static void ResizeRow(ReadOnlySpan<float> values, Span<float> line, in ResizeAxis columns, int channels)
    {
        for (int x = 0; x < columns.First.Length; x++)
        {
            float w1 = columns.Fraction[x];
            float w0 = 1f - w1;
            ReadOnlySpan<float> a = values.Slice(columns.First[x] * channels, channels);
            ReadOnlySpan<float> b = values.Slice(columns.Second[x] * channels, channels);
            Span<float> t = line.Slice(x * channels, channels);
            for (int c = 0; c < t.Length; c++)
            {
                t[c] = a[c] * w0 + b[c] * w1;
            }
        }
    }

    private static void MixRows(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float fraction, Span<float> target)
    {
        float rest = 1f - fraction;
        ReadOnlySpan<Vector<float>> va = MemoryMarshal.Cast<float, Vector<float>>(a);
        ReadOnlySpan<Vector<float>> vb = MemoryMarshal.Cast<float, Vector<float>>(b);
        Span<Vector<float>> vt = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (int i = 0; i < vt.Length; i++)
        {
            vt[i] = va[i] * rest + vb[i] * fraction;
        }

        for (int i = vt.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] = a[i] * rest + b[i] * fraction;
        }
    }
}
