namespace SegNeXt.Data;

/// <summary>Splits that are missing, empty, called otherwise, or too small to learn or to judge from.</summary>
internal sealed class SplitsCheck : IDoctorCheck
{
    private const int FewToTrain = 20;
    private const int FewToJudge = 5;

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        foreach (ListedSplit split in facts.Listing.Splits.Where(split => split.Fault is not null))
        {
            yield return new Finding(
                FindingSeverity.Error, "split-unusable", $"The split {split.Name} cannot be opened: {split.Fault!.TrimEnd('.')}.",
                "Bring the folder into the layout that the data set's own distribution has.", []);
        }

        if (facts.Listing.Splits.All(split => split.Name != LooseLayout.Undivided))
        {
            foreach (string name in new[] { facts.Options.TrainSplit, facts.Options.ValSplit }.Distinct(StringComparer.Ordinal))
            {
                if (Missing(facts, name) is { } finding)
                {
                    yield return finding;
                }
            }
        }

        foreach (ListedSplit split in facts.Listing.Splits.Where(split => split.Fault is null))
        {
            int images = split.Samples.Count(sample => sample.Image is not null);
            bool isTrain = split.Name == facts.Options.TrainSplit;
            if (images == 0)
            {
                yield return new Finding(
                    facts.IsUsed(split.Name) ? FindingSeverity.Error : FindingSeverity.Note, "split-empty", $"The split {split.Name} has no pictures (.jpg, .jpeg or .png).",
                    $"Put pictures into {(split.ImageFolder is { } folder ? facts.Short(folder) : split.Name)}.", []);
            }
            else if ((isTrain && images < FewToTrain) || (split.Name == facts.Options.ValSplit && images < FewToJudge))
            {
                yield return new Finding(
                    FindingSeverity.Note, "few-images", $"The split {split.Name} has {Say.Count(images, "picture")} only{(isTrain ? "" : ", so its figures say little")}.",
                    isTrain
                        ? "Label more pictures, or begin with weights that know similar ones (--init)."
                        : "Hold back more pictures, of other scenes than those trained on.", []);
            }
        }
    }

    private static Finding? Missing(DataSetFacts facts, string name)
    {
        string[] there = [.. facts.Listing.Splits.Select(split => split.Name)];
        if (there.Contains(name))
        {
            return null;
        }

        bool isTrain = name == facts.Options.TrainSplit;
        string key = isTrain ? "data.train_split" : "data.val_split";
        string[] other = [.. there.Where(split => split != facts.Options.TrainSplit && split != facts.Options.ValSplit)];
        string remedy = other.FirstOrDefault(split => IsAlike(split, name)) is { } alike
            ? $"Rename {alike} to {name}, or set {key}={alike}."
            : isTrain
                ? $"Call the split to train on {name}, or set {key}."
                : facts.Listing.Kind == ListingKind.ClassFolders
                ? $"Move about a tenth of the pictures of each class from {facts.Options.TrainSplit} to a split {name}, in folders of the same names."
                : $"Move about a tenth of the pairs, whole scenes or films rather than single frames, from {facts.Options.TrainSplit} to a split {name}.";
        return new Finding(FindingSeverity.Error, "split-missing", $"There is no split {name}; there is {Say.Some(there)}.", remedy, []);
    }

    private static bool IsAlike(string split, string name) =>
        split.StartsWith(name, StringComparison.OrdinalIgnoreCase)
        || (name == "val" && split.ToUpperInvariant() is "DEV" or "TEST" or "HOLDOUT" or "EVAL")
        || (name == "train" && split.ToUpperInvariant() is "TRN" or "LEARN");
}
