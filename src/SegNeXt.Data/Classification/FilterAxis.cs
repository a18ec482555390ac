namespace SegNeXt.Data;

/// <summary>
/// The weights of one axis of a filtered resize: each position of the result is a sum over a few of the source's. When the
/// axis shrinks the filter widens with it, so that nothing is skipped.
/// </summary>
/// <remarks>The cubic of Catmull and Rom (a = −½) as Pillow's <c>resize(BICUBIC)</c> samples it, which timm trains and tests with.</remarks>
internal sealed class FilterAxis
{
    private const double Support = 2;
    private const double A = -0.5;

    private FilterAxis(int[] first, int[] count, float[] weights, int most)
    {
        (First, Count, Weights, Most) = (first, count, weights, most);
    }

    /// <summary>The first position of the source that counts, for each of the result.</summary>
    public int[] First { get; }

    /// <summary>How many count.</summary>
    public int[] Count { get; }

    /// <summary>Their weights, <see cref="Most"/> places for each position of the result; they add up to 1.</summary>
    public float[] Weights { get; }

    /// <summary>The most that count for any.</summary>
    public int Most { get; }

    /// <summary>Samples the filter.</summary>
    /// <param name="input">Positions of the source, at least 1.</param>
    /// <param name="output">Positions of the result, at least 1.</param>
    /// <param name="start">First position of the result that is wanted.</param>
    /// <param name="length">Positions that are wanted.</param>
    public static FilterAxis Cubic(int input, int output, int start, int length)
    {
        double scale = (double)input / output;
        double widening = Math.Max(scale, 1);
        double reach = Support * widening;
        int most = ((int)Math.Ceiling(reach) * 2) + 1;
        int[] first = new int[length];
        int[] count = new int[length];
        float[] weights = new float[length * most];
        Span<double> drawn = stackalloc double[most];
        for (int i = 0; i < length; i++)
        {
            double centre = (start + i + 0.5) * scale;
            int low = Math.Max(0, (int)(centre - reach + 0.5));
            int high = Math.Min(input, (int)(centre + reach + 0.5));
            double sum = 0;
            for (int k = low; k < high; k++)
            {
                drawn[k - low] = At((k - centre + 0.5) / widening);
                sum += drawn[k - low];
            }

            (first[i], count[i]) = (low, high - low);
            for (int k = 0; k < high - low; k++)
            {
                weights[(i * most) + k] = (float)(drawn[k] / sum);
            }
        }

        return new FilterAxis(first, count, weights, most);
    }

    private static double At(double x)
    {
        x = Math.Abs(x);
        return x < 1 ? ((((A + 2) * x) - (A + 3)) * x * x) + 1
            : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * A
            : 0;
    }
}
