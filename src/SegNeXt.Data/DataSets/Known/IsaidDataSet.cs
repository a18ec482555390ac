using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// iSAID, 15 classes and background: the patches of the official conversion, <c>img_dir/SPLIT/*.png</c> and
/// <c>ann_dir/SPLIT/*_instance_color_RGB.png</c> with ids in place of colours; or the development kit's whole pictures,
/// <c>SPLIT/images/*.png</c>, with the colours of <c>*_instance_color_RGB.png</c> beside them or in <c>SPLIT/Semantic_masks/images</c>.
/// </summary>
public static class IsaidDataSet
{
    /// <summary>What the names of label files end in.</summary>
    internal const string ColourLabel = "_instance_color_RGB.png";

    /// <summary>The folder of the patches.</summary>
    internal const string PatchImages = "img_dir";

    /// <summary>The folder of the patches' labels.</summary>
    internal const string PatchLabels = "ann_dir";

    /// <summary>What the names of the files with instances end in, which are not needed here.</summary>
    private const string InstanceLabel = "_instance_id_RGB.png";

    /// <summary>The splits.</summary>
    internal static SplitTable Splits { get; } = new("iSAID", ("train", "train"), ("val", "val"));

    /// <summary>Opens one split.</summary>
    /// <param name="root">The folder of the patches or of the development kit.</param>
    /// <param name="split"><c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">There is no such split, a folder is missing, or a picture and a label do not pair.</exception>
    public static PairedDataSet Open(string root, string split)
    {
        FolderList.Require(root);
        string folder = Splits.Find(root, split);
        (FileKind images, FileKind labels) = HasPatches(root)
            ? (Pictures(Path.Combine(root, PatchImages, folder)), Labels(Path.Combine(root, PatchLabels, folder)))
            : RawFiles(root, folder);
        return PairedDataSet.Of(LabelledFile.All(PairedFiles.Find(images, labels), LabelMappings.Isaid), SegmentationClasses.Isaid);
    }

    /// <summary>Pictures and labels of a split as the development kit has them.</summary>
    internal static (FileKind Images, FileKind Labels) RawFiles(string root, string split)
    {
        string folder = RawFolder(root, split);
        string labels = FolderList.HasFile(folder, ColourLabel)
            ? folder
            : FolderList.FirstOf(Path.Combine(root, split), Path.Combine("Semantic_masks", "images"), "Semantic_masks") ?? folder;
        return (Pictures(folder), Labels(labels));
    }

    /// <summary>Whether a folder has one of the two layouts.</summary>
    internal static bool Matches(string root) => Splits.Splits.Any(split =>
        FolderList.HasFile(Path.Combine(root, PatchLabels, split.OnDisk), ColourLabel)
        || FolderList.HasFile(RawFiles(root, split.OnDisk).Labels.Folder, ColourLabel));

    private static bool HasPatches(string root) => Directory.Exists(Path.Combine(root, PatchImages));

    // Unpacked where it lies, a part's archive makes another folder of that name.
    private static string RawFolder(string root, string split) =>
        FolderList.FirstOf(root, Path.Combine(split, "images", "images")) ?? Path.Combine(root, split, "images");

    private static FileKind Pictures(string folder) => new(folder, "images", ".png")
    {
        Except = [ColourLabel, InstanceLabel],
        Remedy = "unpack DOTA's pictures there, or open the patches that segnext prepare isaid makes",
    };

    private static FileKind Labels(string folder) => new(folder, "labels", ColourLabel)
    {
        Remedy = "unpack iSAID's semantic masks there, or open the patches that segnext prepare isaid makes",
    };
}
