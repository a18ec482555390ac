using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>A class in one image.</summary>
/// <param name="Id">The class.</param>
/// <param name="Share">Its share of the labelled pixels, 0 where it is predicted alone.</param>
/// <param name="IoU">Intersection over union of its pixels in this image, 0 to 1.</param>
public sealed record ClassInImage(int Id, double Share, double IoU);

/// <summary>How well one image is segmented, by its own pixels alone.</summary>
/// <remarks>
/// The image's mean IoU is taken over the classes of its truth that fill at least <see cref="LeastShare"/> of the labelled
/// pixels. Over the truth's classes, as mIoU per image is mostly defined, and not over the predicted ones too: then a
/// handful of stray pixels would count as a class missed wholly. The least share is for the same reason.
/// </remarks>
/// <param name="MeanIoU">Mean IoU of the image's classes, NaN where no pixel is labelled.</param>
/// <param name="PixelAccuracy">Share of the labelled pixels that are right, NaN where there are none.</param>
/// <param name="Classes">The classes of the truth or the prediction, the one that fills most first.</param>
public sealed record ImageScore(double MeanIoU, double PixelAccuracy, IReadOnlyList<ClassInImage> Classes)
{
    /// <summary>A class that fills less of the labelled pixels does not count in <see cref="MeanIoU"/>.</summary>
    public const double LeastShare = 0.001;

    private const int Ids = 256;

    /// <summary>Compares a prediction with the truth; pixels whose truth is 255 are left out.</summary>
    /// <param name="prediction">Class ids.</param>
    /// <param name="truth">Class ids of the same size.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static ImageScore Of(LabelMap prediction, LabelMap truth)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(truth);
        if (prediction.Width != truth.Width || prediction.Height != truth.Height)
        {
            throw new ArgumentException($"The prediction has {prediction.Width}×{prediction.Height} pixels, the truth {truth.Width}×{truth.Height}.", nameof(prediction));
        }

        int[] labelled = new int[Ids];
        int[] predicted = new int[Ids];
        int[] right = new int[Ids];
        ReadOnlySpan<byte> taken = prediction.Ids;
        ReadOnlySpan<byte> ids = truth.Ids;
        for (int i = 0; i < ids.Length; i++)
        {
            byte id = ids[i];
            if (id == LabelMap.Ignore)
            {
                continue;
            }

            labelled[id]++;
            predicted[taken[i]]++;
            right[id] += taken[i] == id ? 1 : 0;
        }

        double total = labelled.Sum(count => (long)count);
        ClassInImage[] classes =
        [
            .. Enumerable.Range(0, Ids)
                .Where(id => labelled[id] + predicted[id] > 0)
                .OrderByDescending(id => Math.Max(labelled[id], predicted[id]))
                .Select(id => new ClassInImage(id, labelled[id] / total, right[id] / (double)(labelled[id] + predicted[id] - right[id]))),
        ];
        double mean = classes.Where(c => c.Share >= LeastShare).Select(c => c.IoU).DefaultIfEmpty(double.NaN).Average();
        return new ImageScore(mean, right.Sum(count => (long)count) / total, classes);
    }
}
