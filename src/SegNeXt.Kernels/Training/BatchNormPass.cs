namespace SegNeXt.Kernels;

/// <summary>Joins the statistics of a part of a batch with those of the other parts, wherever they are.</summary>
/// <param name="means">C means of the part; those of the batch afterwards.</param>
/// <param name="squares">C sums of squared differences from the means; those of the batch afterwards.</param>
/// <param name="pixels">Pixels of the part.</param>
/// <returns>Pixels of the batch.</returns>
public delegate double StatisticsJoin(Span<double> means, Span<double> squares, double pixels);

/// <summary>Replaces numbers of a part of a batch by the sums over all parts.</summary>
/// <param name="values">The numbers.</param>
public delegate void PartsSum(Span<double> values);

/// <summary>
/// Batch normalisation of maps with channels last. What the other passes need of it are four rows of C numbers: the mean, 1 / √(variance + ε), and the factor and
/// the summand that a normalised map is made with.
/// </summary>
/// <remarks>All sums are taken over parts of fixed length, added up in double precision and in order: the bits do not depend on the threads.</remarks>
public static unsafe class BatchNormPass
{
    /// <summary>Rows of C numbers in a norm.</summary>
    public const int Rows = 4;

    private const int Part = 512;

    /// <summary>The norm of a batch's own statistics.</summary>
    /// <param name="team">Who computes.</param>
    /// <param name="shape">The map's sizes.</param>
    /// <param name="x">The map.</param>
    /// <param name="weight">C factors.</param>
    /// <param name="bias">C summands.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="norm">Receives the norm, <see cref="Rows"/> · C numbers.</param>
    /// <param name="mean">Receives the means, C numbers.</param>
    /// <param name="variance">Receives the unbiased variances, C numbers.</param>
    /// <param name="join">Where the map is a part of the batch: what makes its statistics those of the batch.</param>
    /// <returns>Pixels of the batch.</returns>
    public static double OfBatch(
        TrainingTeam team, TrainingShape shape, float* x, float* weight, float* bias, double epsilon, float* norm, Span<float> mean, Span<float> variance,
        StatisticsJoin? join = null)
    {
        int channels = shape.Channels;
        double[] sums = Sum(team, shape, (first, pixels, target) => team.Training.SumChannels(x + (first * channels), pixels, channels, target));
        for (int c = 0; c < channels; c++)
        {
            mean[c] = (float)(sums[c] / shape.Pixels);
            norm[c] = mean[c];
        }

        double[] squares = Sum(team, shape, (first, pixels, target) => team.Training.SumCentred(x + (first * channels), norm, null, pixels, channels, target));
        double all = join is null ? shape.Pixels : Join(join, shape, sums, squares, mean);
        for (int c = 0; c < channels; c++)
        {
            variance[c] = (float)(squares[c] / Math.Max(all - 1, 1));
            Set(norm, c, channels, mean[c], squares[c] / all, weight[c], bias[c], epsilon);
        }

        return all;
    }

    private static double Join(StatisticsJoin join, TrainingShape shape, double[] sums, double[] squares, Span<float> mean)
    {
        double[] means = Array.ConvertAll(sums, sum => sum / shape.Pixels);
        for (int c = 0; c < means.Length; c++)
        {
            // The squares were taken around the mean in single precision.
            double apart = means[c] - mean[c];
            squares[c] = Math.Max(squares[c] - (shape.Pixels * apart * apart), 0);
        }

        double all = join(means, squares, shape.Pixels);
        for (int c = 0; c < means.Length; c++)
        {
            mean[c] = (float)means[c];
        }

        return all;
    }

    /// <summary>The norm of given statistics, such as the running ones.</summary>
    /// <param name="channels">C.</param>
    /// <param name="mean">C means.</param>
    /// <param name="variance">C variances.</param>
    /// <param name="weight">C factors.</param>
    /// <param name="bias">C summands.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="norm">Receives the norm.</param>
    public static void Of(int channels, float* mean, float* variance, float* weight, float* bias, double epsilon, float* norm)
    {
        for (int c = 0; c < channels; c++)
        {
            Set(norm, c, channels, mean[c], variance[c], weight[c], bias[c], epsilon);
        }
    }

    /// <summary>The gradients by the map, the factors and the summands.</summary>
    /// <param name="team">Who computes.</param>
    /// <param name="shape">The map's sizes.</param>
    /// <param name="x">The map.</param>
    /// <param name="norm">Its norm.</param>
    /// <param name="ofBatch">Whether the norm came from the map itself.</param>
    /// <param name="dy">The gradient by the normalised map.</param>
    /// <param name="plus">What is added to the gradient by the map, or null.</param>
    /// <param name="dx">Receives that sum; it may be <paramref name="dy"/>.</param>
    /// <param name="weightGradient">Receives C numbers.</param>
    /// <param name="biasGradient">Receives C numbers.</param>
    /// <param name="batchPixels">Pixels of the batch that the norm came from, where the map is a part of it.</param>
    /// <param name="sumOfParts">Where the map is a part of a batch: what sums over all parts; the factors' and summands' gradients stay the part's.</param>
    public static void Backward(
        TrainingTeam team, TrainingShape shape, float* x, float* norm, bool ofBatch, float* dy, float* plus, float* dx, float* weightGradient, float* biasGradient,
        double batchPixels = 0, PartsSum? sumOfParts = null)
    {
        int channels = shape.Channels;
        float* inverse = norm + channels, scale = norm + (2 * channels);
        double[] sums = Sum(team, shape, (first, pixels, target) => team.Training.SumChannels(dy + (first * channels), pixels, channels, target));
        double[] products = Sum(team, shape, (first, pixels, target) =>
            team.Training.SumCentred(x + (first * channels), norm, dy + (first * channels), pixels, channels, target));
        for (int c = 0; c < channels; c++)
        {
            weightGradient[c] = (float)(products[c] * inverse[c]);
            biasGradient[c] = (float)sums[c];
        }

        double pixelsOfNorm = shape.Pixels;
        if (ofBatch && sumOfParts is not null)
        {
            double[] both = [.. sums, .. products];
            sumOfParts(both);
            both.AsSpan(0, channels).CopyTo(sums);
            both.AsSpan(channels).CopyTo(products);
            pixelsOfNorm = batchPixels;
        }

        float* factors = team.LaneSums(0, 0, 2L * channels);
        for (int c = 0; c < channels; c++)
        {
            // With x̂ = (x − mean) / σ: dx = scale · (dy − mean(dy) − x̂ · mean(dy·x̂)).
            factors[c] = ofBatch ? (float)(sums[c] / pixelsOfNorm) : 0;
            factors[channels + c] = ofBatch ? (float)(products[c] / pixelsOfNorm * inverse[c] * inverse[c]) : 0;
        }

        team.For(Parts(shape), (_, part) =>
        {
            nint at = (nint)part * Part * channels;
            float* added = plus is null ? null : plus + at;
            team.Training.NormBackward(x + at, dy + at, added, norm, scale, factors, factors + channels, dx + at, Length(shape, part), channels);
        });
    }

    private static void Set(float* norm, int c, int channels, double mean, double variance, float weight, float bias, double epsilon)
    {
        double inverse = 1 / Math.Sqrt(variance + epsilon);
        norm[c] = (float)mean;
        norm[channels + c] = (float)inverse;
        norm[(2 * channels) + c] = (float)(inverse * weight);
        norm[(3 * channels) + c] = (float)(bias - (mean * inverse * weight));
    }

    private static int Parts(TrainingShape shape) => checked((int)((shape.Pixels + Part - 1) / Part));

    private static int Length(TrainingShape shape, int part) => (int)Math.Min(Part, shape.Pixels - ((long)part * Part));

    private delegate void PartSum(nint first, int pixels, double* target);

    private static double[] Sum(TrainingTeam team, TrainingShape shape, PartSum sum)
    {
        int parts = Parts(shape), channels = shape.Channels;
        var partial = new double[parts * channels];
        team.For(parts, (_, part) =>
        {
            fixed (double* target = &partial[part * channels])
            {
                sum((nint)part * Part, Length(shape, part), target);
            }
        });
        var total = new double[channels];
        for (int i = 0; i < partial.Length; i++)
        {
            total[i % channels] += partial[i];
        }

        return total;
    }
}
