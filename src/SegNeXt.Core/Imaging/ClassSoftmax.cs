using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SegNeXt.Core;

/// <summary>Softmax over the classes of maps of scores.</summary>
public static class ClassSoftmax
{
    // A multiple of every vector's length.
    private const int Strip = 64;

    /// <summary>Replaces the scores of some pixels by their softmax over the classes, the maximum subtracted first as PyTorch does.</summary>
    /// <param name="scores">Scores <c>[K, P]</c>, a plane of P pixels a class.</param>
    /// <param name="classes">K, at least 1.</param>
    /// <param name="start">The first pixel.</param>
    /// <param name="length">Number of pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pixels are not all on the map.</exception>
    public static void Apply(Span<float> scores, int classes, int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        int plane = scores.Length / classes;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)start + length, plane, nameof(length));

        // A strip of columns at a time is copied together: in the map its K values lie a whole plane apart, where
        // they would push each other out of the cache.
        float[] buffer = ArrayPool<float>.Shared.Rent((classes + 2) * Strip);
        for (int x = 0; x < length; x += Strip)
        {
            ApplyToStrip(scores, classes, plane, start + x, Math.Min(Strip, length - x), buffer);
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    private static void ApplyToStrip(Span<float> scores, int classes, int plane, int start, int length, Span<float> buffer)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(buffer);
        int width = Strip / Vector<float>.Count;
        Span<Vector<float>> max = vectors.Slice(classes * width, width);
        Span<Vector<float>> sum = vectors.Slice((classes + 1) * width, width);
        max.Fill(new Vector<float>(float.NegativeInfinity));
        sum.Clear();
        for (int k = 0; k < classes; k++)
        {
            Span<Vector<float>> line = vectors.Slice(k * width, width);
            scores.Slice((k * plane) + start, length).CopyTo(buffer.Slice(k * Strip, Strip));
            for (int i = 0; i < line.Length; i++)
            {
                max[i] = Vector.Max(max[i], line[i]);
            }
        }

        for (int k = 0; k < classes; k++)
        {
            Span<Vector<float>> line = vectors.Slice(k * width, width);
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = Vector.Exp(line[i] - max[i]);
                sum[i] += line[i];
            }
        }

        for (int k = 0; k < classes; k++)
        {
            Span<Vector<float>> line = vectors.Slice(k * width, width);
            for (int i = 0; i < line.Length; i++)
            {
                line[i] /= sum[i];
            }

            buffer.Slice(k * Strip, length).CopyTo(scores.Slice((k * plane) + start, length));
        }
    }
}
