using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A sample's files.</summary>
/// <param name="Stem">What the sample is called.</param>
/// <param name="Image">The picture.</param>
/// <param name="Label">The label.</param>
/// <param name="Mapping">How the label's values become class ids.</param>
internal readonly record struct LabelledFile(string Stem, string Image, string Label, LabelMapping Mapping)
{
    /// <summary>All pairs with one mapping.</summary>
    public static LabelledFile[] All(FilePair[] pairs, LabelMapping mapping) =>
        [.. pairs.Select(pair => new LabelledFile(pair.Stem, pair.Image, pair.Label, mapping))];

    /// <summary>All pairs, of which those whose label's name ends in <paramref name="trainIds"/> hold class ids already.</summary>
    public static LabelledFile[] All(FilePair[] pairs, string trainIds, LabelMapping classIds, LabelMapping others) =>
        [.. pairs.Select(pair => new LabelledFile(
            pair.Stem, pair.Image, pair.Label, pair.Label.EndsWith(trainIds, StringComparison.OrdinalIgnoreCase) ? classIds : others))];
}

/// <summary>A list of pictures with labels, one split of whatever layout the folder has.</summary>
public class PairedDataSet : ISegmentationDataSet
{
    private readonly LabelledFile[] _files;

    private protected PairedDataSet(LabelledFile[] files, ClassSet classes)
    {
        _files = files;
        Classes = classes;
    }

    /// <inheritdoc/>
    public ClassSet Classes { get; }

    /// <inheritdoc/>
    public int Count => _files.Length;

    /// <inheritdoc/>
    public string Name(int index) => _files[index].Stem;

    /// <inheritdoc/>
    public (string Image, string Label) Paths(int index) => (_files[index].Image, _files[index].Label);

    /// <inheritdoc/>
    public LabelMapping Mapping(int index) => _files[index].Mapping;

    /// <inheritdoc/>
    public LabelMap LoadLabel(int index) => LabelFile.Read(_files[index].Label, _files[index].Mapping);

    /// <inheritdoc/>
    public RgbImage LoadImage(int index, int reduction = 1) =>
        ImageFile.ReadRgb(_files[index].Image, new ImageReadOptions { Reduction = reduction });

    /// <inheritdoc/>
    public Sample Load(int index)
    {
        LabelledFile file = _files[index];
        RgbImage image = ImageFile.ReadRgb(file.Image);
        LabelMap label = LabelFile.Read(file.Label, file.Mapping, label =>
            DataSetCheck.RequireSameSize(file.Image, (image.Width, image.Height), file.Label, (label.Width, label.Height)));
        return new Sample(image, label);
    }

    /// <summary>A split of files that have been found.</summary>
    internal static PairedDataSet Of(LabelledFile[] files, ClassSet classes) => new(files, classes);
}
