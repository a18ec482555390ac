namespace SegNeXt.Training.Tests;

/// <summary>
/// The losses by the loops of their papers, in double precision, for logits <c>[N, K, P]</c> at label size and labels
/// <c>[N, P]</c>; written without a look at the product's formulas.
/// </summary>
internal static class LossReference
{
    private const byte Ignore = 255;

    /// <summary>Softmax of one pixel's logits.</summary>
    public static double[] Softmax(double[][][] z, int n, int i)
    {
        double[] exp = [.. z[n].Select(map => Math.Exp(map[i] - z[n].Max(other => other[i])))];
        return [.. exp.Select(value => value / exp.Sum())];
    }

    public static double CrossEntropy(double[][][] z, byte[][] y, LossAverage average, double[]? w = null) =>
        Mean(z, y, average, y, (p, label) => -(w?[label] ?? 1) * Math.Log(p));

    public static double Focal(double[][][] z, byte[][] y, double gamma, double alpha, LossAverage average, double[]? w = null) =>
        Mean(z, y, average, y, (p, label) => -alpha * (w?[label] ?? 1) * Math.Pow(1 - p, gamma) * Math.Log(p));

    /// <summary>Sorts the labelled pixels by the probability of their class and keeps those below the larger of two bounds.</summary>
    public static double Ohem(double[][][] z, byte[][] y, double threshold, int minKept, LossAverage average)
    {
        List<double> sorted = [];
        Each(y, (n, i) => sorted.Add(Softmax(z, n, i)[y[n][i]]));
        sorted.Sort();
        int atLeast = minKept * y.Length;
        byte[][] kept = [.. y.Select(row => (byte[])row.Clone())];
        if (sorted.Count > atLeast)
        {
            double bound = Math.Max(sorted[atLeast], threshold);
            Each(y, (n, i) => kept[n][i] = Softmax(z, n, i)[y[n][i]] < bound ? y[n][i] : Ignore);
        }

        return Mean(z, kept, average, y, (p, _) => -Math.Log(p));
    }

    /// <summary>V-Net's coefficient of every image and class.</summary>
    public static double Dice(double[][][] z, byte[][] y, double smooth, double exponent, double[]? w = null)
    {
        double sum = 0;
        for (int n = 0; n < z.Length; n++)
        {
            for (int c = 0; c < z[n].Length && y[n].Any(label => label != Ignore); c++)
            {
                double overlap = 0, predicted = 0, actual = 0;
                for (int i = 0; i < y[n].Length; i++)
                {
                    if (y[n][i] != Ignore)
                    {
                        double p = Softmax(z, n, i)[c];
                        overlap += y[n][i] == c ? p : 0;
                        predicted += Math.Pow(p, exponent);
                        actual += y[n][i] == c ? 1 : 0;
                    }
                }

                sum += (w?[c] ?? 1) * (1 - (((2 * overlap) + smooth) / (predicted + actual + smooth)));
            }
        }

        return sum / (z.Length * z[0].Length);
    }

    public static double Lovasz(double[][][] z, byte[][] y, LovaszClasses classes, bool perImage, double[]? w = null) => perImage
        ? Enumerable.Range(0, z.Length).Average(n => LovaszOfPixels([z[n]], [y[n]], classes, w))
        : LovaszOfPixels(z, y, classes, w);

    private static double LovaszOfPixels(double[][][] z, byte[][] y, LovaszClasses classes, double[]? w)
    {
        List<(double[] P, int Label)> pixels = [];
        Each(y, (n, i) => pixels.Add((Softmax(z, n, i), y[n][i])));
        List<double> losses = [];
        for (int c = 0; c < z[0].Length && pixels.Count > 0; c++)
        {
            if (classes == LovaszClasses.Present && pixels.All(pixel => pixel.Label != c))
            {
                continue;
            }

            double[] errors = [.. pixels.Select(pixel => pixel.Label == c ? 1 - pixel.P[c] : pixel.P[c])];
            HashSet<int> truth = [.. Enumerable.Range(0, pixels.Count).Where(i => pixels[i].Label == c)];
            losses.Add((w?[c] ?? 1) * LovaszExtension(errors, truth));
        }

        return losses.Count == 0 ? 0 : losses.Average();
    }

    /// <summary>Definition 1: Σ mᵢ · (Δ{π₁ … πᵢ} − Δ{π₁ … πᵢ₋₁}), with Δ(M) = |M| / |truth ∪ M| of Eq. 4, sets as sets.</summary>
    private static double LovaszExtension(double[] m, HashSet<int> truth)
    {
        HashSet<int> wrong = [];
        double before = 0, sum = 0;
        foreach (int i in Enumerable.Range(0, m.Length).OrderByDescending(i => m[i]))
        {
            wrong.Add(i);
            double jaccard = (double)wrong.Count / truth.Union(wrong).Count();
            sum += m[i] * (jaccard - before);
            before = jaccard;
        }

        return sum;
    }

    private static double Mean(double[][][] z, byte[][] counted, LossAverage average, byte[][] labels, Func<double, int, double> loss)
    {
        double sum = 0;
        int kept = 0, valid = 0;
        Each(counted, (n, i) =>
        {
            kept++;
            sum += loss(Softmax(z, n, i)[counted[n][i]], counted[n][i]);
        });
        Each(labels, (_, _) => valid++);
        int pixels = average switch { LossAverage.All => labels.Sum(row => row.Length), LossAverage.Valid => valid, _ => kept };
        return sum / Math.Max(1, pixels);
    }

    private static void Each(byte[][] y, Action<int, int> pixel)
    {
        for (int n = 0; n < y.Length; n++)
        {
            for (int i = 0; i < y[n].Length; i++)
            {
                if (y[n][i] != Ignore)
                {
                    pixel(n, i);
                }
            }
        }
    }
}
