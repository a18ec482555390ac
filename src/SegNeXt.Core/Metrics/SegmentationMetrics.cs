namespace SegNeXt.Core;

/// <summary>How well one class was segmented; fractions in [0, 1], NaN where 0 is divided by 0.</summary>
/// <remarks>
/// The policy for absent classes is the released evaluation's. A class that is neither labelled nor predicted is NaN
/// everywhere. One that is predicted but never labelled has IoU, Dice and precision 0, and NaN in Acc, recall and
/// Fscore. Fscore is NaN also where precision and recall are both 0.
/// </remarks>
public sealed record ClassMetrics
{
    /// <summary>Computes the metrics of a class from its areas.</summary>
    /// <param name="intersection">Pixels that are labelled and predicted so.</param>
    /// <param name="predicted">Pixels that are predicted so, among those that count.</param>
    /// <param name="labelled">Pixels that are labelled so.</param>
    /// <param name="beta">Weight of recall against precision in <see cref="Fscore"/>.</param>
    public ClassMetrics(long intersection, long predicted, long labelled, double beta = 1)
    {
        Intersection = intersection;
        Predicted = predicted;
        Labelled = labelled;
        IoU = (double)intersection / (predicted + labelled - intersection);
        Acc = (double)intersection / labelled;
        Precision = (double)intersection / predicted;
        Dice = 2.0 * intersection / (predicted + labelled);
        double weight = beta * beta;
        Fscore = (1 + weight) * Precision * Recall / ((weight * Precision) + Recall);
    }

    /// <summary>Pixels that are labelled and predicted so.</summary>
    public long Intersection { get; }

    /// <summary>Pixels that are predicted so, where a label counts.</summary>
    public long Predicted { get; }

    /// <summary>Pixels that are labelled so.</summary>
    public long Labelled { get; }

    /// <summary>Intersection over union: intersection / (predicted + labelled − intersection).</summary>
    public double IoU { get; }

    /// <summary>Accuracy, the same as <see cref="Recall"/>: intersection / labelled.</summary>
    public double Acc { get; }

    /// <summary>2 · intersection / (predicted + labelled).</summary>
    public double Dice { get; }

    /// <summary>(1 + β²) P R / (β² P + R).</summary>
    public double Fscore { get; }

    /// <summary>P: intersection / predicted.</summary>
    public double Precision { get; }

    /// <summary>R: intersection / labelled.</summary>
    public double Recall => Acc;
}

/// <summary>
/// How well a set of pictures was segmented; fractions in [0, 1]. Means are over the classes that are not NaN, and NaN
/// where none is left.
/// </summary>
public sealed record SegmentationMetrics
{
    /// <summary>Computes the means of the classes' metrics.</summary>
    /// <param name="classes">One per class, in the order of the ids.</param>
    public SegmentationMetrics(IReadOnlyList<ClassMetrics> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        Classes = classes;
        AAcc = (double)classes.Sum(c => c.Intersection) / classes.Sum(c => c.Labelled);
        MIoU = Mean(classes, c => c.IoU);
        MAcc = Mean(classes, c => c.Acc);
        MDice = Mean(classes, c => c.Dice);
        MFscore = Mean(classes, c => c.Fscore);
        MPrecision = Mean(classes, c => c.Precision);
        MRecall = Mean(classes, c => c.Recall);
    }

    /// <summary>The classes' own metrics, in the order of the ids.</summary>
    public IReadOnlyList<ClassMetrics> Classes { get; }

    /// <summary>Accuracy over all pixels: Σ intersection / Σ labelled.</summary>
    public double AAcc { get; }

    /// <summary>Mean of <see cref="ClassMetrics.IoU"/>.</summary>
    public double MIoU { get; }

    /// <summary>Mean of <see cref="ClassMetrics.Acc"/>.</summary>
    public double MAcc { get; }

    /// <summary>Mean of <see cref="ClassMetrics.Dice"/>.</summary>
    public double MDice { get; }

    /// <summary>Mean of <see cref="ClassMetrics.Fscore"/>.</summary>
    public double MFscore { get; }

    /// <summary>Mean of <see cref="ClassMetrics.Precision"/>.</summary>
    public double MPrecision { get; }

    /// <summary>Mean of <see cref="ClassMetrics.Recall"/>.</summary>
    public double MRecall { get; }

    private static double Mean(IReadOnlyList<ClassMetrics> classes, Func<ClassMetrics, double> metric)
    {
        double[] known = [.. classes.Select(metric).Where(value => !double.IsNaN(value))];
        return known.Length == 0 ? double.NaN : known.Average();
    }
}
