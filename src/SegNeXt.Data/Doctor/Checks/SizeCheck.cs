namespace SegNeXt.Data;

/// <summary>Labels of another size than their picture, and why.</summary>
internal sealed class SizeCheck : IDoctorCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        SampleFacts[] differ = [.. facts.Samples.Where(sample => sample.IsWhole && Sizes(sample) is var (image, label) && image != label)];
        SampleFacts[] turned = [.. differ.Where(IsTurnedByExif)];
        if (turned.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Error, "exif-rotated",
                $"{Say.Count(turned.Length, "label fits its", "labels fit their")} photo as it is stored, but the photo's EXIF orientation turns it by a quarter, as viewers and training do.",
                "Take the orientation out of these photos (exiftool -Orientation= FILE), so that they stay as they were labelled; or turn the labels likewise.",
                Files(turned));
        }

        SampleFacts[] swapped = [.. differ.Except(turned).Where(IsSwapped)];
        if (swapped.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Error, "size-swapped", $"{Say.Count(swapped.Length, "label has", "labels have")} width and height of the picture exchanged.",
                "Turn or transpose the labels so that they lie over their pictures; open one pair to see which.", Files(swapped));
        }

        SampleFacts[] rest = [.. differ.Except(turned).Except(swapped)];
        if (rest.Length > 0)
        {
            double[] factors = [.. rest.Select(Factor).Distinct()];
            string how = factors is [> 0 and double factor] ? $", all {Ratio(factor)} as large" : "";
            yield return new Finding(
                FindingSeverity.Error, "size-differs", $"{Say.Count(rest.Length, "label has", "labels have")} another size than the picture{how}.",
                how.Length > 0
                    ? "Scale the pictures to the labels' size, or the labels to the pictures' by nearest neighbour, which mixes no ids."
                    : "Label the pictures at the size they have, or scale labels by nearest neighbour, which mixes no ids.",
                Files(rest));
        }
    }

    private static ((int, int) Image, (int, int) Label) Sizes(SampleFacts sample) =>
        ((sample.Image!.Width, sample.Image.Height), (sample.Label!.Width, sample.Label.Height));

    private static bool IsSwapped(SampleFacts sample) =>
        sample.Image!.Width == sample.Label!.Height && sample.Image.Height == sample.Label.Width;

    private static bool IsTurnedByExif(SampleFacts sample) => ExifOrientation.SwapsAxes(sample.Image!.Orientation) && IsSwapped(sample);

    /// <summary>Label's width over the picture's, where the heights have the same ratio; else 0.</summary>
    private static double Factor(SampleFacts sample)
    {
        double across = (double)sample.Label!.Width / sample.Image!.Width;
        double down = (double)sample.Label.Height / sample.Image.Height;
        return Math.Abs(across - down) < 0.01 ? Math.Round(across, 3) : 0;
    }

    private static string Ratio(double factor) => factor < 1 && Math.Abs((1 / factor) - Math.Round(1 / factor)) < 0.01
        ? $"1/{Math.Round(1 / factor):0}"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{factor:0.###} times");

    private static FindingFile[] Files(SampleFacts[] samples) =>
    [
        .. samples.Select(sample => new FindingFile(
            sample.Label!.Path, $"{sample.Label.Width}×{sample.Label.Height}, its picture {sample.Image!.Width}×{sample.Image.Height}")),
    ];
}
