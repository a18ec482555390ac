using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// COCO-Stuff 164k, 171 classes: <c>images/{train2017,val2017}/*.jpg</c> and <c>annotations/{train2017,val2017}/*.png</c>, the official
/// <c>stuffthingmaps</c>, mapped while they are read; where <c>*_labelTrainIds.png</c> have been made, those.
/// </summary>
public static class CocoStuffDataSet
{
    /// <summary>What the names of train-id labels end in.</summary>
    internal const string TrainIds = "_labelTrainIds.png";

    /// <summary>The folder of the labels.</summary>
    internal const string Annotations = "annotations";

    private const string Images = "images";

    /// <summary>The splits.</summary>
    internal static SplitTable Splits { get; } = new("COCO-Stuff 164k", ("train", "train2017"), ("val", "val2017"));

    /// <summary>Opens one split.</summary>
    /// <param name="root">The folder that holds <c>images</c> and <c>annotations</c>.</param>
    /// <param name="split"><c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">There is no such split, a folder is missing, or a picture and a label do not pair.</exception>
    public static PairedDataSet Open(string root, string split)
    {
        FolderList.Require(root);
        string folder = Splits.Find(root, split);
        FileKind images = PairedFiles.Images(Path.Combine(root, Images, folder)) with { Remedy = $"unpack {folder}.zip of COCO in {Path.Combine(root, Images)}" };
        FileKind labels = new(Path.Combine(root, Annotations, folder), "labels", TrainIds, ".png")
        {
            FirstSuffixWins = true,
            Remedy = $"unpack stuffthingmaps_trainval2017.zip in {Path.Combine(root, Annotations)}",
        };
        LabelMapping classIds = LabelMapping.Ids(SegmentationClasses.CocoStuff.Count);
        return PairedDataSet.Of(
            LabelledFile.All(PairedFiles.Find(images, labels), TrainIds, classIds, LabelMappings.CocoStuff), SegmentationClasses.CocoStuff);
    }

    /// <summary>Whether a folder has this layout.</summary>
    internal static bool Matches(string root) => Splits.Splits.Any(split =>
        Directory.Exists(Path.Combine(root, Images, split.OnDisk)) && !Directory.Exists(Path.Combine(root, "labels")));
}
