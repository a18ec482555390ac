namespace SegNeXt.Data;

/// <summary>Files that cannot be read; every one is named.</summary>
internal sealed class DamageCheck : IDoctorCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        FindingFile[] images = [.. facts.Samples.Where(sample => sample.Image?.Fault is not null).Select(sample => new FindingFile(sample.Image!.Path, sample.Image.Fault))];
        if (images.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Error, "damaged-images", $"{Say.Count(images.Length, "picture")} cannot be read.",
                "Copy or download them again, or take them and their labels out.", images) { NameAll = true };
        }

        FindingFile[] labels = [.. facts.Samples.Where(sample => sample.Label?.Fault is not null).Select(sample => new FindingFile(sample.Label!.Path, sample.Label.Fault))];
        if (labels.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Error, "damaged-labels", $"{Say.Count(labels.Length, "label")} cannot be read.",
                "Export them again from the labelling program, or take them and their pictures out.", labels) { NameAll = true };
        }
    }
}
