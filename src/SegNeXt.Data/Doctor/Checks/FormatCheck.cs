namespace SegNeXt.Data;

/// <summary>Files whose format is not read, or not as they are, and names that mean two files.</summary>
internal sealed class FormatCheck : IDoctorCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        FindingFile[] images = Files(facts, split => split.ForeignImages);
        if (images.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Error, "image-format", $"{Say.Count(images.Length, "picture is", "pictures are")} in a format that is not read ({Extensions(images)}).",
                "Convert them to JPEG or PNG; pictures are .jpg, .jpeg or .png.", images);
        }

        FindingFile[] annotations = Files(facts, split => split.ForeignLabels, FileKinds.IsAnnotation);
        if (annotations.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Error, "label-outlines", $"{Say.Count(annotations.Length, "label is", "labels are")} outlines or boxes in words ({Extensions(annotations)}), not a class for each pixel.",
                "Have the labelling program export masks: grey or palette PNGs of the pictures' size whose values are class ids.", annotations);
        }

        FindingFile[] labels = Files(facts, split => split.ForeignLabels, FileKinds.IsForeign);
        if (labels.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Error, "label-format", $"{Say.Count(labels.Length, "label is", "labels are")} in a format that is not read ({Extensions(labels)}).",
                "Convert them to PNG, one grey value or palette index a pixel, without scaling or smoothing.", labels);
        }

        FindingFile[] ambiguous = Files(facts, split => split.Ambiguous);
        if (ambiguous.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Error, "two-of-one-name", $"{ambiguous.Length} files share their name, apart from the extension, with another one beside them.",
                "Keep one file of each name: picture and label are paired by it.", ambiguous) { NameAll = true };
        }

        FindingFile[] misnamed = [.. facts.Images.Where(IsMisnamed).Select(sample => new FindingFile(sample.Image!.Path, $"is a {sample.Image.Format.ToString().ToUpperInvariant()} file"))];
        if (misnamed.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Note, "misnamed", $"{Say.Count(misnamed.Length, "picture has", "pictures have")} an extension of another format; they are read by their content.",
                "Rename them if other programs are to read them too.", misnamed);
        }
    }

    private static bool IsMisnamed(SampleFacts sample) =>
        (sample.Image!.Format == ImageFormat.Png) != string.Equals(Path.GetExtension(sample.Image.Path), ".png", StringComparison.OrdinalIgnoreCase);

    private static FindingFile[] Files(DataSetFacts facts, Func<ListedSplit, IReadOnlyList<string>> choose, Func<string, bool>? isWanted = null) =>
        [.. facts.Listing.Splits.SelectMany(choose).Where(path => isWanted is null || isWanted(path)).Select(path => new FindingFile(path))];

    private static string Extensions(FindingFile[] files) =>
        string.Join(", ", files.Select(file => Path.GetExtension(file.Path).ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal));
}
