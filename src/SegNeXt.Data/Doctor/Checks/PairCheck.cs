namespace SegNeXt.Data;

/// <summary>Pictures without a label and labels without a picture.</summary>
internal sealed class PairCheck : IDoctorCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts) => facts.Listing.Splits.Where(split => split.Fault is null).SelectMany(split => Run(facts, split));

    private static IEnumerable<Finding> Run(DataSetFacts facts, ListedSplit split)
    {
        string[] images = [.. split.Samples.Where(sample => sample.Label is null).Select(sample => sample.Image!)];
        string[] labels = [.. split.Samples.Where(sample => sample.Image is null).Select(sample => sample.Label!)];
        bool isUsed = facts.IsUsed(split.Name);
        if (images.Length > 0 && Among(images) is { Count: > 0 } among)
        {
            yield return new Finding(
                FindingSeverity.Error, "labels-among-images", $"In {split.Name}, {Say.Count(among.Count, "label lies", "labels lie")} among the pictures.",
                $"Move them to {Folder(facts, split)}, with the picture's name.", among);
            images = [.. images.Except(among.Select(file => file.Path))];
        }

        if (images.Length > 0)
        {
            bool none = split.LabelFolder is null || !Directory.Exists(split.LabelFolder);
            string what = none && images.Length == split.Samples.Count
                ? $"The split {split.Name} has no folder of labels ({Folder(facts, split)})"
                : $"In {split.Name}, {Say.Count(images.Length, "picture has", "pictures have")} no label";
            yield return isUsed
                ? new Finding(
                    FindingSeverity.Error, "images-without-label", $"{what}.",
                    $"Put a PNG of the picture's name into {Folder(facts, split)} for each, or take the pictures out.", [.. images.Select(path => new FindingFile(path))])
                : new Finding(
                    FindingSeverity.Note, "images-without-label", $"{what}; the split is neither trained on nor evaluated.",
                    "Nothing need be changed if it is only predicted on.", [.. images.Select(path => new FindingFile(path))]);
        }

        if (labels.Length > 0)
        {
            yield return new Finding(
                isUsed ? FindingSeverity.Error : FindingSeverity.Note, "labels-without-image", $"In {split.Name}, {Say.Count(labels.Length, "label has", "labels have")} no picture.",
                $"Put the pictures of the same names into {(split.ImageFolder is { } folder ? facts.Short(folder) : split.Name)}, or take the labels out.", [.. labels.Select(path => new FindingFile(path))]);
        }
    }

    /// <summary>Files that are called as another one is, with a word for label behind or before it.</summary>
    private static List<FindingFile> Among(string[] images)
    {
        ILookup<string, string> byName = images.ToLookup(path => Path.GetFileNameWithoutExtension(path)!.ToUpperInvariant());
        List<FindingFile> found = [];
        foreach (string path in images.Where(FileKinds.IsLabel))
        {
            string name = Path.GetFileNameWithoutExtension(path)!.ToUpperInvariant();
            if (NamePattern.Core(name) is { } core && core != name && byName[core].FirstOrDefault() is { } picture)
            {
                found.Add(new FindingFile(path, $"for {Path.GetFileName(picture)}"));
            }
        }

        return found;
    }

    private static string Folder(DataSetFacts facts, ListedSplit split) => split.LabelFolder is { } folder ? facts.Short(folder) : $"labels/{split.Name}";
}
