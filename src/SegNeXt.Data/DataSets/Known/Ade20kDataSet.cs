using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// ADE20K scene parsing, 150 classes, in the layout of <c>ADEChallengeData2016</c>: <c>images/{training,validation}/*.jpg</c> and
/// <c>annotations/{training,validation}/*.png</c>, where 0 is ignored and 1 to 150 are the classes.
/// </summary>
public static class Ade20kDataSet
{
    private const string Images = "images";
    private const string Annotations = "annotations";
    private static readonly SplitTable s_splits = new("ADE20K", ("train", "training"), ("val", "validation"));

    /// <summary>Opens one split.</summary>
    /// <param name="root">The folder that holds <c>images</c> and <c>annotations</c>.</param>
    /// <param name="split"><c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">There is no such split, a folder is missing, or a picture and a label do not pair.</exception>
    public static PairedDataSet Open(string root, string split)
    {
        FolderList.Require(root);
        string folder = s_splits.Find(root, split);
        FileKind images = PairedFiles.Images(Path.Combine(root, Images, folder)) with { Remedy = "unpack ADEChallengeData2016.zip" };
        FileKind labels = PairedFiles.Labels(Path.Combine(root, Annotations, folder)) with { Remedy = "unpack all of ADEChallengeData2016.zip" };
        return PairedDataSet.Of(LabelledFile.All(PairedFiles.Find(images, labels), LabelMappings.Ade20k), SegmentationClasses.Ade20k);
    }

    /// <summary>Whether a folder has this layout.</summary>
    internal static bool Matches(string root) => s_splits.Splits.Any(split =>
        Directory.Exists(Path.Combine(root, Images, split.OnDisk)) && !Directory.Exists(Path.Combine(root, "labels")));
}
