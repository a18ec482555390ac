using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Which classes <see cref="LovaszLoss"/> is the mean over.</summary>
public enum LovaszClasses
{
    /// <summary>Those that occur in the labels it looks at.</summary>
    Present,

    /// <summary>All K.</summary>
    All,
}

/// <summary>
/// Lovász-softmax: the Lovász extension of the Jaccard loss (1 − IoU) of every class, at the errors <c>|t − p|</c> of its
/// softmax probability p; the mean over classes. On hard predictions it is the Jaccard loss itself.
/// </summary>
/// <remarks>
/// Berman et al., The Lovász-Softmax loss (CVPR 2018), Section 3 and Algorithm 1; <c>LovaszLoss</c> of mmsegmentation.
/// Ignored pixels do not take part. The weights of the sorted errors are computed in double precision: neighbouring Jaccard
/// values of a few million pixels differ in their last digits only.
/// </remarks>
/// <param name="classes">The classes that the mean is over.</param>
/// <param name="perImage">The mean over images of each image's loss, instead of one loss of all pixels of the batch.</param>
/// <param name="classWeights">A factor per class <c>[K]</c>, or null for 1; the mean still divides by the number of classes.</param>
public sealed class LovaszLoss(
    LovaszClasses classes = LovaszClasses.Present, bool perImage = false, IReadOnlyList<double>? classWeights = null) : ISegmentationLoss
{
    /// <inheritdoc/>
    public Tensor Forward(Tensor logits, Tensor labels) =>
        EagerGradient.Of(logits, (x, wantsGradient) =>
        {
            int known = (int)x.Size(1);
            long rows = perImage ? labels.Size(0) : 1;
            double[][] shares = Shares(labels, known, rows);
            Tensor ids = labels.Reshape(rows, -1); // [R, P]: what one loss is over, and its pixels
            Tensor valid = ids.Ne(LabelMap.Ignore);
            int[] counted = [.. Enumerable.Range(0, known).Where(c => shares[c].Any(share => share != 0))];
            return ClassMaps.Sum(x, labels, wantsGradient, counted, (c, p) =>
            {
                Tensor share = Tensor.FromArray<double>(shares[c], [rows]).To(p.Type).To(p.Device);
                return (ClassLoss(p.Reshape(rows, -1), ids.Eq(c), valid) * share).Sum();
            });
        });

    /// <summary>The extension at one class's errors.</summary>
    /// <param name="p">Probabilities <c>[R, P]</c>.</param>
    /// <param name="truth">Where the class is the label, <c>[R, P]</c>.</param>
    /// <param name="valid">Where there is a label, <c>[R, P]</c>.</param>
    /// <returns>A loss per row, <c>[R]</c>.</returns>
    private static Tensor ClassLoss(Tensor p, Tensor truth, Tensor valid)
    {
        // Ignored pixels come last, behind errors of 0, where their weights find nothing to weigh.
        Tensor errors = Tensor.Where(valid, (truth.To(p.Type) - p).Abs(), Tensor.Full([], -1, p.Type, p.Device));
        (Tensor sorted, Tensor order) = errors.Sort(1, descending: true);
        Tensor weights = JaccardSteps(truth.Gather(1, order)).To(p.Type);
        return (sorted.Clamp(min: 0) * weights).Sum([1]);
    }

    /// <summary>Algorithm 1: by how much the Jaccard loss grows with each further wrong pixel.</summary>
    /// <param name="truth">Whether the class is the label, largest error first, <c>[R, P]</c>.</param>
    /// <returns>Weights <c>[R, P]</c>, float64.</returns>
    private static Tensor JaccardSteps(Tensor truth)
    {
        using TensorScope scope = new();
        Tensor t = truth.To(ScalarType.Float64);
        Tensor size = t.Sum([1], keepDim: true);
        Tensor found = t.CumSum(1);
        Tensor others = (1 - t).CumSum(1);
        Tensor jaccard = 1 - ((size - found) / (size + others));
        Tensor before = Functional.Pad(jaccard.Narrow(1, 0, t.Size(1) - 1), [1, 0]);
        return scope.Keep(jaccard - before);
    }

    /// <summary>By class and row, the factor of the class's loss in the mean; 0 where it is not in it.</summary>
    private double[][] Shares(Tensor labels, int known, long rows)
    {
        using TensorScope scope = new();

        // One bin for each class and one for the ignored, in every row.
        int bins = known + 1;
        Tensor bin = Tensor.Where(labels.Ne(LabelMap.Ignore), labels, Tensor.Full([], known, ScalarType.Int64, labels.Device)).Reshape(rows, -1);
        Tensor first = (Tensor.Arange(rows, labels.Device) * bins).Unsqueeze(1);
        long[] counts = (bin + first).Flatten().BinCount(rows * bins).ToArray<long>();
        double[][] shares = [.. Enumerable.Range(0, known).Select(_ => new double[rows])];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<long> own = counts.AsSpan(row * bins, known);
            int present = own.Length - own.Count(0);
            for (int c = 0; c < known; c++)
            {
                bool isIn = classes == LovaszClasses.All ? present > 0 : own[c] > 0;
                shares[c][row] = isIn ? (classWeights?[c] ?? 1) / ((classes == LovaszClasses.All ? known : present) * rows) : 0;
            }
        }

        return shares;
    }
}
