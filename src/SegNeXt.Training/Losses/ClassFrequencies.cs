using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>How often the classes occur in the labels of a data set, and the class weights that follow from it.</summary>
/// <param name="pixels">Pixels of each class <c>[K]</c>.</param>
/// <param name="pixelsOfImages">Labelled pixels of all images in which the class occurs, <c>[K]</c>.</param>
public sealed class ClassFrequencies(IReadOnlyList<long> pixels, IReadOnlyList<long> pixelsOfImages)
{
    /// <summary>Pixels of each class <c>[K]</c>.</summary>
    public IReadOnlyList<long> Pixels { get; } = pixels;

    /// <summary>Counts the labels of a data set; pixels of 255 are not counted anywhere.</summary>
    /// <param name="data">The data set; every label is read once.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    /// <exception cref="InputException">A label cannot be read; the message names it.</exception>
    public static ClassFrequencies Count(ISegmentationDataSet data, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        int classes = data.Classes.Count;
        var pixels = new long[classes];
        var pixelsOfImages = new long[classes];
        object gate = new();
        InputException? fault = null;
        ParallelOptions options = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, data.Count, options, (i, state) =>
        {
            try
            {
                var counts = new long[256];
                foreach (byte id in data.LoadLabel(i).Ids)
                {
                    counts[id]++;
                }

                // Sums of whole numbers: no matter in which order.
                long labelled = counts.AsSpan(0, classes).ToArray().Sum();
                lock (gate)
                {
                    for (int c = 0; c < classes; c++)
                    {
                        pixels[c] += counts[c];
                        pixelsOfImages[c] += counts[c] > 0 ? labelled : 0;
                    }
                }
            }
            catch (InputException e)
            {
                lock (gate)
                {
                    fault ??= e;
                }

                state.Stop();
            }
        });
        return fault is null ? new ClassFrequencies(pixels, pixelsOfImages) : throw new InputException(fault.Message, fault);
    }

    /// <summary>The weights that a configuration asks for.</summary>
    /// <param name="weighting">A rule or a list.</param>
    /// <param name="data">The training data.</param>
    /// <returns>A weight for each class, or null for no weights.</returns>
    /// <exception cref="InputException">The list is of another length than the classes; a label cannot be read; or nothing is labelled.</exception>
    public static IReadOnlyList<double>? Weights(ClassWeighting weighting, ISegmentationDataSet data)
    {
        ArgumentNullException.ThrowIfNull(weighting);
        ArgumentNullException.ThrowIfNull(data);
        switch (weighting.Rule)
        {
            case ClassWeightRule.None:
                return null;
            case ClassWeightRule.Explicit:
                return weighting.Values.Count == data.Classes.Count
                    ? weighting.Values
                    : throw new InputException($"train.class_weights lists {weighting.Values.Count} numbers, but the data set has {data.Classes.Count} classes ({string.Join(", ", data.Classes.Names.Take(5))}{(data.Classes.Count > 5 ? ", …" : "")}).");
            default:
                ClassFrequencies frequencies = Count(data);
                if (frequencies.Pixels.All(count => count == 0))
                {
                    throw new InputException($"train.class_weights {weighting} cannot be computed: no pixel of the training labels has a class.");
                }

                return weighting.Rule == ClassWeightRule.MedianFrequency ? frequencies.MedianFrequencyWeights() : frequencies.InverseFrequencyWeights();
        }
    }

    /// <summary>
    /// Median frequency balancing: <c>w_c = median(f) / f_c</c>, f_c the class's share of the pixels of those images in which
    /// it occurs. A class that never occurs gets 1 and is not in the median.
    /// </summary>
    /// <remarks>
    /// Eigen and Fergus, Predicting Depth, Surface Normals and Semantic Labels (ICCV 2015), Section 6.3.3 of the extended
    /// text; SegNet's weights. Pixels without a label are no part of an image here.
    /// </remarks>
    public IReadOnlyList<double> MedianFrequencyWeights()
    {
        double[] frequencies = [.. Pixels.Select((count, c) => count == 0 ? 0 : (double)count / pixelsOfImages[c])];
        double[] present = [.. frequencies.Where(frequency => frequency > 0).Order()];
        int middle = present.Length / 2;
        double median = present.Length == 0 ? 1 : present.Length % 2 == 1 ? present[middle] : (present[middle - 1] + present[middle]) / 2;
        return [.. frequencies.Select(frequency => frequency == 0 ? 1 : median / frequency)];
    }

    /// <summary>
    /// Inverse frequency: <c>w_c = Σ n / (C · n_c)</c>, n_c the class's pixels and C the number of classes that occur, so
    /// that every class has the same weight in all and a pixel the weight 1 on average. A class that never occurs gets 1.
    /// </summary>
    /// <remarks>King and Zeng, Logistic Regression in Rare Events Data (Political Analysis 9, 2001); "balanced" in scikit-learn.</remarks>
    public IReadOnlyList<double> InverseFrequencyWeights()
    {
        double all = Pixels.Sum();
        int present = Pixels.Count(count => count > 0);
        return [.. Pixels.Select(count => count == 0 ? 1 : all / ((double)present * count))];
    }
}
