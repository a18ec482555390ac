using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>Class-balanced sampling of a run: the factors, and whom they are for.</summary>
internal static class ClassBalance
{
    private const int MostNames = 10;

    /// <summary>How often each image comes in an epoch.</summary>
    /// <param name="data">The data set, whose labels are all read.</param>
    /// <param name="threshold">The share of images below which a class is rare.</param>
    /// <param name="progress">Is told which classes are.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InputException">A label cannot be used.</exception>
    public static double[] Factors(ISegmentationDataSet data, double threshold, ITrainingProgress progress, CancellationToken cancellation)
    {
        ClassPresence presence = ClassPresence.Count(data, cancellation);
        double[] factors = RepeatFactors.Of(presence, threshold);
        string[] rare = [.. Enumerable.Range(0, data.Classes.Count)
            .Where(c => presence.Share(c) is > 0 and var share && share < threshold)
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"{data.Classes.Names[c]} ({100 * presence.Share(c):0.##} %)"))];
        string more = rare.Length > MostNames ? $" and {rare.Length - MostNames} more" : "";
        progress.OnMessage(rare.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"train.sampler class_balanced changes nothing: every class is in at least {100 * threshold:0.##} % of the images (train.sampler_threshold).")
            : string.Create(CultureInfo.InvariantCulture, $"Class-balanced: an epoch has about {factors.Sum():0} images instead of {data.Count}, for the sake of {string.Join(", ", rare.Take(MostNames))}{more}."));
        return factors;
    }
}
