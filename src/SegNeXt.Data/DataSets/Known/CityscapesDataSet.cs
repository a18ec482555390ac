using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Cityscapes with its 19 classes of evaluation: <c>leftImg8bit/SPLIT/CITY/*_leftImg8bit.png</c> and
/// <c>gtFine/SPLIT/CITY/*_gtFine_labelTrainIds.png</c>; where those have not been made, <c>*_gtFine_labelIds.png</c>, mapped while they are
/// read.
/// </summary>
public static class CityscapesDataSet
{
    /// <summary>What the names of train-id labels end in.</summary>
    internal const string TrainIds = "_gtFine_labelTrainIds.png";

    /// <summary>What the names of label-id labels end in.</summary>
    internal const string LabelIds = "_gtFine_labelIds.png";

    /// <summary>The folder of the labels.</summary>
    internal const string Labels = "gtFine";

    private const string Images = "leftImg8bit";
    private static readonly SplitTable s_splits = new("Cityscapes", ("train", "train"), ("val", "val"));

    /// <summary>Opens one split.</summary>
    /// <param name="root">The folder that holds <c>leftImg8bit</c> and <c>gtFine</c>.</param>
    /// <param name="split"><c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">There is no such split, a folder is missing, or a picture and a label do not pair.</exception>
    public static PairedDataSet Open(string root, string split)
    {
        FolderList.Require(root);
        string folder = s_splits.Find(root, split);
        FileKind images = new(Path.Combine(root, Images, folder), "images", "_leftImg8bit.png")
        {
            InSubFolders = true,
            Remedy = "unpack leftImg8bit_trainvaltest.zip",
        };
        FileKind labels = new(Path.Combine(root, Labels, folder), "labels", TrainIds, LabelIds)
        {
            InSubFolders = true,
            FirstSuffixWins = true,
            Remedy = "unpack gtFine_trainvaltest.zip",
        };
        LabelMapping classIds = LabelMapping.Ids(SegmentationClasses.Cityscapes.Count);
        return PairedDataSet.Of(
            LabelledFile.All(PairedFiles.Find(images, labels), TrainIds, classIds, LabelMappings.CityscapesLabelIds), SegmentationClasses.Cityscapes);
    }

    /// <summary>Whether a folder has this layout.</summary>
    internal static bool Matches(string root) => Directory.Exists(Path.Combine(root, Images));
}
