namespace SegNeXt.Export;

/// <summary>Operators that move elements, resize maps and choose classes.</summary>
internal static class Places
{
    /// <summary>Axis i of the result is axis <paramref name="permutation"/>[i] of x.</summary>
    public static float[] Transpose(float[] x, int[] shape, int[] permutation)
    {
        var steps = new int[shape.Length];
        for (int i = shape.Length - 1, step = 1; i >= 0; step *= shape[i], i--)
        {
            steps[i] = step;
        }

        var result = new float[x.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int rest = i, from = 0;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                int side = shape[permutation[axis]];
                from += rest % side * steps[permutation[axis]];
                rest /= side;
            }

            result[i] = x[from];
        }

        return result;
    }

    /// <summary>Parts one behind the other along an axis.</summary>
    public static float[] Concatenate((float[] Data, int[] Shape)[] parts, int axis, int[] shape)
    {
        int outer = shape[..axis].Aggregate(1, (product, side) => product * side);
        var result = new float[shape.Aggregate(1, (product, side) => product * side)];
        int at = 0;
        for (int o = 0; o < outer; o++)
        {
            foreach ((float[] data, _) in parts)
            {
                int length = data.Length / outer;
                data.AsSpan(o * length, length).CopyTo(result.AsSpan(at));
                at += length;
            }
        }

        return result;
    }

    /// <summary>Bilinear with pixel centres at i + ½ and the border repeated.</summary>
    public static float[] Resize(float[] x, int[] from, int[] to)
    {
        (int First, int Second, double Fraction)[] rows = Axis(from[2], to[2]), columns = Axis(from[3], to[3]);
        var result = new float[to[0] * to[1] * to[2] * to[3]];
        Parallel.For(0, to[0] * to[1], plane =>
        {
            ReadOnlySpan<float> source = x.AsSpan(plane * from[2] * from[3], from[2] * from[3]);
            int at = plane * to[2] * to[3];
            foreach ((int top, int bottom, double down) in rows)
            {
                foreach ((int left, int right, double across) in columns)
                {
                    double above = Mix(source[(top * from[3]) + left], source[(top * from[3]) + right], across);
                    double below = Mix(source[(bottom * from[3]) + left], source[(bottom * from[3]) + right], across);
                    result[at++] = (float)Mix(above, below, down);
                }
            }
        });
        return result;
    }

    /// <summary>The place along axis 1 of <c>[N, K, H, W]</c> with the highest value, the first of equal ones.</summary>
    public static float[] ArgMax(float[] x, int[] shape)
    {
        int classes = shape[1], pixels = shape[2] * shape[3];
        var result = new float[shape[0] * pixels];
        for (int i = 0; i < result.Length; i++)
        {
            (int n, int pixel) = Math.DivRem(i, pixels);
            ReadOnlySpan<float> scores = x.AsSpan((n * classes * pixels) + pixel);
            int best = 0;
            for (int k = 1; k < classes; k++)
            {
                best = scores[k * pixels] > scores[best * pixels] ? k : best;
            }

            result[i] = best;
        }

        return result;
    }

    private static double Mix(double a, double b, double fraction) => a + ((b - a) * fraction);

    private static (int First, int Second, double Fraction)[] Axis(int from, int to) =>
    [
        .. Enumerable.Range(0, to).Select(i =>
        {
            double place = Math.Clamp(((i + 0.5) * from / to) - 0.5, 0, from - 1);
            int first = (int)place;
            return (first, Math.Min(first + 1, from - 1), place - first);
        }),
    ];
}
