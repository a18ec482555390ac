namespace SegNeXt.Data;

/// <summary>Pictures of two splits that look nearly alike: neighbouring frames of a film, or one photo saved twice.</summary>
internal sealed class LikePictureCheck : IDoctorCheck
{
    /// <summary>Comparisons above this number take too long; then only a part of the larger split is compared.</summary>
    private const long MostComparisons = 4_000_000_000;

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        SampleFacts[] train = Comparable(facts, facts.Options.TrainSplit);
        foreach (string split in facts.Listing.Splits.Select(split => split.Name).Where(name => name != facts.Options.TrainSplit))
        {
            SampleFacts[] other = Comparable(facts, split);
            FindingFile[] files = Alike(facts, train, other);
            if (files.Length > 0)
            {
                string part = files.Length == other.Length ? "each" : Say.Percent((double)files.Length / other.Length);
                yield return new Finding(
                    FindingSeverity.Note, "similar-images",
                    $"{Say.Count(files.Length, "picture")} of {split} ({part} of it) {(files.Length == 1 ? "looks" : "look")} nearly like one of {facts.Options.TrainSplit}: neighbouring frames of a film, or one photo saved twice. The figures on {split} then come out better than on new scenes.",
                    $"Divide by scene, film or place rather than by frame, if {split} is to stand for new scenes.", files);
            }
        }
    }

    private static SampleFacts[] Comparable(DataSetFacts facts, string split) => [.. facts.Images.Where(sample => sample.Split == split && sample.Image!.Likeness is not null)];

    private static FindingFile[] Alike(DataSetFacts facts, SampleFacts[] train, SampleFacts[] other)
    {
        UInt128[] known = [.. train.Select(sample => sample.Image!.Likeness!.Value)];
        HashSet<UInt128> equal = [.. train.Select(sample => sample.Image!.Content)];
        int step = (int)Math.Max(1, (long)train.Length * other.Length / MostComparisons);
        int[] nearest = new int[other.Length];
        Parallel.For(0, other.Length, i =>
        {
            UInt128 own = other[i].Image!.Likeness!.Value;
            int best = Likeness.Near + 1;
            nearest[i] = -1;

            // Equal pictures have a finding of their own.
            for (int j = 0; j < known.Length && !equal.Contains(other[i].Image!.Content); j += step)
            {
                int distance = Likeness.Distance(own, known[j]);
                if (distance < best)
                {
                    (best, nearest[i]) = (distance, j);
                }
            }
        });
        return
        [
            .. Enumerable.Range(0, other.Length).Where(i => nearest[i] >= 0)
                .Select(i => new FindingFile(other[i].Image!.Path, $"like {facts.Short(train[nearest[i]].Image!.Path)}")),
        ];
    }
}
