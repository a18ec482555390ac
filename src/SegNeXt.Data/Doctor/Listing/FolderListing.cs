using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Lists a folder of pictures and labels, tolerating all that <see cref="FolderDataSet"/> refuses.</summary>
internal static class FolderListing
{
    /// <summary>The listing, or null where nothing looks like pictures and labels.</summary>
    public static DataSetListing? Create(string root, DoctorOptions options)
    {
        List<(string From, string To)> names = [];
        IReadOnlyList<LooseSplit> loose = LooseLayout.Find(root, names);
        if (loose.Count == 0)
        {
            return null;
        }

        List<Finding> findings = [];
        if (names.Count > 0)
        {
            findings.Add(new Finding(
                FindingSeverity.Error, "layout-names",
                $"{(names.Count == 1 ? "A folder has" : $"{names.Count} folders have")} another name than training looks for: {string.Join(", ", names.Select(name => name.From))}.",
                $"Rename {string.Join(", ", names.Select(name => $"{name.From} to {name.To}"))}.", []));
        }

        if (loose is [{ Name: LooseLayout.Undivided } undivided] && FileKinds.Folders(undivided.Images).Length == 0)
        {
            findings.Add(new Finding(
                FindingSeverity.Error, "layout-no-splits", "The pictures are not divided into those to train on and those held back.",
                $"Make images/{options.TrainSplit} and images/{options.ValSplit}, labels/{options.TrainSplit} and labels/{options.ValSplit}, and move about a tenth of the pairs, whole scenes or films rather than single frames, to {options.ValSplit}.", []));
        }

        ClassSet? classes = ClassNames.Read(Path.Combine(root, "classes.txt"), findings);
        if (string.Equals(options.Type, "camvid", StringComparison.OrdinalIgnoreCase))
        {
            classes = SegmentationClasses.CamVid;
        }

        return new DataSetListing
        {
            Root = root,
            Kind = ListingKind.Folder,
            Splits = [.. loose.Select(split => List(root, split, findings))],
            Classes = classes,
            Findings = findings,
        };
    }

    private static ListedSplit List(string root, LooseSplit split, List<Finding> findings)
    {
        List<string> images = FileKinds.Pictures(split.Images);
        List<string> labels = FileKinds.Labels(split.Labels);
        List<string> ambiguous = [];
        Dictionary<string, string> labelOf = ByName(labels, FileKinds.IsLabel, ambiguous);
        Dictionary<string, string> imageOf = ByName(images, FileKinds.IsRead, ambiguous);
        PairByPattern(root, split, imageOf, labelOf, findings);
        IEnumerable<string> all = imageOf.Keys.Union(labelOf.Keys).Order(StringComparer.Ordinal);
        return new ListedSplit
        {
            Name = split.Name,
            ImageFolder = split.Images,
            LabelFolder = split.Labels,
            Samples = [.. all.Select(name => new ListedSample(name, imageOf.GetValueOrDefault(name), labelOf.GetValueOrDefault(name)))],
            ForeignImages = [.. images.Where(path => !FileKinds.IsRead(path))],
            ForeignLabels = [.. labels.Where(path => !FileKinds.IsLabel(path))],
            Ambiguous = ambiguous,
        };
    }

    /// <summary>Labels that are called otherwise by some rule get their pictures' names, so that the rest can be looked at.</summary>
    private static void PairByPattern(
        string root, LooseSplit split, Dictionary<string, string> imageOf, Dictionary<string, string> labelOf, List<Finding> findings)
    {
        string[] images = [.. imageOf.Keys.Where(name => !labelOf.ContainsKey(name)).Order(StringComparer.Ordinal)];
        string[] labels = [.. labelOf.Keys.Where(name => !imageOf.ContainsKey(name)).Order(StringComparer.Ordinal)];
        if (NamePattern.Find(images, labels) is not { } pattern)
        {
            return;
        }

        List<FindingFile> files = [];
        foreach ((string label, string image) in pattern.Images.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            files.Add(new FindingFile(labelOf[label], $"for {Path.GetFileName(imageOf[image])}"));
            labelOf[image] = labelOf[label];
            labelOf.Remove(label);
        }

        string folder = Path.GetRelativePath(root, split.Labels ?? "");
        string? command = pattern.LabelSuffix.Length > 0 ? $"for f in {folder}/*{pattern.LabelSuffix}.png; do mv \"$f\" \"${{f%{pattern.LabelSuffix}.png}}.png\"; done"
            : pattern.LabelPrefix.Length > 0 ? $"cd {folder} && for f in {pattern.LabelPrefix}*; do mv \"$f\" \"${{f#{pattern.LabelPrefix}}}\"; done"
            : null;
        findings.Add(new Finding(
            FindingSeverity.Error, "pair-names",
            $"In {split.Name}, {Say.Count(files.Count, "label is", "labels are")} not called as the picture is: the labels' names {pattern.Rule}.",
            $"Rename the labels so that picture and label have one name{(command is null ? "." : $"; in the folder {root}:")}", files)
        {
            Command = command,
        });
    }

    /// <summary>The files by their names without extension; of two with one name, the one of the better kind.</summary>
    private static Dictionary<string, string> ByName(List<string> files, Func<string, bool> isUsable, List<string> ambiguous)
    {
        Dictionary<string, string> result = new(StringComparer.Ordinal);
        foreach (IGrouping<string, string> group in files.GroupBy(path => Path.GetFileNameWithoutExtension(path)!, StringComparer.Ordinal))
        {
            string[] usable = [.. group.Where(isUsable)];
            result[group.Key] = usable.FirstOrDefault() ?? group.First();
            if (usable.Length > 1)
            {
                ambiguous.AddRange(usable);
            }
        }

        return result;
    }
}
