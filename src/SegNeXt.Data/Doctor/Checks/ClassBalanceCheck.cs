using System.Globalization;

namespace SegNeXt.Data;

/// <summary>Classes of very different frequency, with weights that even them out.</summary>
internal sealed class ClassBalanceCheck : IDoctorCheck
{
    /// <summary>From this ratio of the commonest to the rarest class on it is worth a word.</summary>
    private const double Uneven = 20;

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        ClassCounts train = ClassCounts.Of(facts, facts.Options.TrainSplit);
        int[] present = [.. Enumerable.Range(0, Math.Min(facts.ClassCount, 255)).Where(id => train.Images[id] > 0)];
        if (present.Length < 2)
        {
            yield break;
        }

        int most = present.MaxBy(train.Share);
        int least = present.MinBy(train.Share);
        double ratio = train.Share(most) / train.Share(least);
        if (ratio >= Uneven)
        {
            double[] weights = MedianFrequency(train, Math.Min(facts.ClassCount, 255));
            string list = string.Join(", ", weights.Select(weight => weight.ToString("0.####", CultureInfo.InvariantCulture)));
            yield return new Finding(
                FindingSeverity.Note, "class-imbalance",
                $"{facts.NameOf(most)} has {Say.Percent(train.Share(most))} of the labelled pixels in {facts.Options.TrainSplit}, {facts.NameOf(least)} {Say.Percent(train.Share(least))}: {ratio.ToString("0", CultureInfo.InvariantCulture)} times less.",
                "If rare classes matter, draw the pictures that show them more often (train.sampler=class_balanced), or weigh them by median frequency (train.class_weights=median_frequency), which is here:", [])
            {
                Command = $"--set \"train.class_weights=[{list}]\"",
            };
        }
    }

    /// <summary>
    /// Eigen and Fergus (2015): the median of the classes' frequencies over the class's own, a frequency being the class's
    /// labelled pixels over those of all labels that have it. 1 for classes that do not occur.
    /// </summary>
    private static double[] MedianFrequency(ClassCounts counts, int classes)
    {
        double[] known = [.. Enumerable.Range(0, classes).Select(counts.Frequency).Where(f => f > 0).Order()];
        double median = known.Length % 2 == 1 ? known[known.Length / 2] : (known[(known.Length / 2) - 1] + known[known.Length / 2]) / 2;
        return [.. Enumerable.Range(0, classes).Select(id => counts.Frequency(id) is > 0 and double f ? median / f : 1)];
    }
}
