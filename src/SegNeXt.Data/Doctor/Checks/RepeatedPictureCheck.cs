namespace SegNeXt.Data;

/// <summary>The same picture more than once: in two splits, in one, or with two different labels; the same name in two splits.</summary>
internal sealed class RepeatedPictureCheck : IDoctorCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        string how = facts.Options.Quick ? "byte for byte" : "pixel for pixel";
        SampleFacts[][] groups = [.. facts.Images.GroupBy(sample => sample.Image!.Content).Select(group => group.ToArray()).Where(group => group.Length > 1)];
        SampleFacts[][] across = [.. groups.Where(group => group.Select(sample => sample.Split).Distinct().Count() > 1)];
        if (across.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Warning, "same-image-in-splits", $"{Say.Count(across.Length, "picture is", "pictures are")} in two splits, equal {how}: what is trained on must not be in what judges it, or the figures come out too good.",
                "Take each of them out of one of the splits.", Files(facts, across, sample => sample.Split)) { NameAll = true };
        }

        SampleFacts[][] within = [.. groups.Where(group => group.GroupBy(sample => sample.Split).Any(split => split.Count() > 1))];
        SampleFacts[][] conflicts = [.. within.Where(HasTwoLabels)];
        if (conflicts.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Warning, "labels-conflict", $"{Say.Count(conflicts.Length, "picture occurs", "pictures occur")} more than once with different labels.",
                "Keep the right label of each.", Files(facts, conflicts, sample => sample.Listed.Name)) { NameAll = true };
        }

        SampleFacts[][] same = [.. within.Except(conflicts)];
        if (same.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Note, "same-image-in-split", $"{Say.Count(same.Length, "picture occurs", "pictures occur")} more than once in a split, equal {how}; it counts as often.",
                "Keep one of each, unless that is wanted.", Files(facts, same, sample => sample.Split));
        }

        if (SameNames(facts, across) is { } names)
        {
            yield return names;
        }
    }

    private static Finding? SameNames(DataSetFacts facts, SampleFacts[][] reported)
    {
        HashSet<ListedSample> known = [.. reported.SelectMany(group => group).Select(sample => sample.Listed)];
        FindingFile[] files =
        [
            .. facts.Listing.Splits
                .SelectMany(split => split.Samples.Where(sample => sample.Image is not null).Select(sample => (Split: split.Name, Sample: sample)))
                .GroupBy(item => item.Sample.Name, StringComparer.Ordinal)
                .Where(group => group.Count() > 1 && !group.Any(item => known.Contains(item.Sample)))
                .Select(group => new FindingFile(group.First().Sample.Image!, $"also in {string.Join(", ", group.Skip(1).Select(item => item.Split))}")),
        ];
        return files.Length == 0 ? null : new Finding(
            FindingSeverity.Note, "same-name-in-splits", $"{Say.Count(files.Length, "name occurs", "names occur")} in two splits, with different pictures.",
            "Check that they do not show the same scene; cameras and programs often count from 1 again.", files);
    }

    private static bool HasTwoLabels(SampleFacts[] group) => group.GroupBy(sample => sample.Split)
        .Any(split => split.Where(sample => sample.Label is { Fault: null }).Select(sample => sample.Label!.Content).Distinct().Count() > 1);

    private static FindingFile[] Files(DataSetFacts facts, SampleFacts[][] groups, Func<SampleFacts, string> order) =>
    [
        .. groups.Select(group => group.OrderBy(order, StringComparer.Ordinal).ToArray())
            .Select(group => new FindingFile(group[0].Image!.Path, $"= {Say.Some(group.Skip(1).Select(sample => facts.Short(sample.Image!.Path)), 3)}")),
    ];
}
