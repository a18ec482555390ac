namespace SegNeXt.Data;

/// <summary>Pictures in a folder for each class: folders that differ between splits, and numbers of pictures that differ much.</summary>
internal sealed class ClassFolderCheck : IDoctorCheck
{
    private const double Uneven = 10;

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        Dictionary<string, Dictionary<string, int>> splits = facts.Listing.Splits.ToDictionary(
            split => split.Name, split => split.Samples.GroupBy(Summaries.FolderOf).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal));
        if (splits.ContainsKey(LooseLayout.Undivided))
        {
            yield return new Finding(
                FindingSeverity.Note, "layout-no-splits", "The pictures are not divided into those to train on and those held back.",
                $"Move about a tenth of each class to {facts.Options.ValSplit}/CLASS and the rest to {facts.Options.TrainSplit}/CLASS.", []);
        }

        string[] all = [.. splits.Values.SelectMany(split => split.Keys).Distinct().Order(StringComparer.Ordinal)];
        foreach ((string split, Dictionary<string, int> classes) in splits)
        {
            string[] missing = [.. all.Where(name => !classes.ContainsKey(name))];
            if (missing.Length > 0)
            {
                yield return new Finding(
                    FindingSeverity.Error, "class-folders-differ", $"The split {split} has no pictures of {Say.Some(missing)}.",
                    "Give every split a folder with pictures for every class: ids follow the sorted folder names.", []);
            }
        }

        if (splits.TryGetValue(splits.ContainsKey(LooseLayout.Undivided) ? LooseLayout.Undivided : facts.Options.TrainSplit, out Dictionary<string, int>? train) && train.Count > 1)
        {
            (string most, string least) = (train.MaxBy(c => c.Value).Key, train.MinBy(c => c.Value).Key);
            if (train[most] >= Uneven * train[least])
            {
                yield return new Finding(
                    FindingSeverity.Note, "class-imbalance", $"{most} has {Say.Count(train[most], "picture")}, {least} {train[least]}.",
                    "Collect more pictures of the rare classes, or draw them more often.", []);
            }
        }
    }
}
