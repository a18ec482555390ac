namespace SegNeXt.Data;

/// <summary>Photos that their EXIF orientation turns in a way that sizes do not betray.</summary>
internal sealed class OrientationCheck : IDoctorCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        SampleFacts[] turned =
        [
            .. facts.Images.Where(sample => sample.Image!.Orientation != ExifOrientation.Normal
                && (sample.Label is not { Fault: null } label || (label.Width, label.Height) == (sample.Image.Width, sample.Image.Height))),
        ];
        if (turned.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Note, "exif-orientation", $"{Say.Count(turned.Length, "photo has", "photos have")} an EXIF orientation; training sees them turned upright, as viewers show them.",
                "Look at a few with segnext browse: the labels must fit the photos as displayed.",
                [.. turned.Select(sample => new FindingFile(sample.Image!.Path, $"orientation {sample.Image.Orientation}"))]);
        }
    }
}
