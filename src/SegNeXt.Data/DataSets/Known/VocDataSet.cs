using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Pascal VOC 2012, 20 classes and background: <c>JPEGImages</c>, <c>SegmentationClass</c> and the lists of
/// <c>ImageSets/Segmentation</c>. The split <c>trainaug</c> is <c>train</c> and, from <c>SegmentationClassAug</c>, <c>aug</c>: the
/// labels of SBD (Hariharan et al., 2011).
/// </summary>
public static class VocDataSet
{
    /// <summary>The year's folder.</summary>
    internal const string Year = "VOC2012";

    /// <summary>The folder of the lists.</summary>
    internal const string Lists = "Segmentation";

    /// <summary>The folder of VOC's own labels.</summary>
    internal const string Labels = "SegmentationClass";

    /// <summary>The folder of SBD's labels.</summary>
    internal const string AugmentedLabels = "SegmentationClassAug";

    /// <summary>How to get a list of VOC.</summary>
    internal const string ListRemedy = "unpack VOCtrainval_11-May-2012.tar, which has it";

    private const string LabelRemedy = "unpack VOCtrainval_11-May-2012.tar, which has them";
    private const string AugRemedy = "segnext prepare voc-aug makes it from SBD";
    private static readonly SplitTable s_splits = new("Pascal VOC 2012", ("train", "train"), ("val", "val"), ("trainval", "trainval"), ("aug", "aug"), ("trainaug", "trainaug"));

    /// <summary>Opens one split.</summary>
    /// <param name="root">The folder <c>VOC2012</c>, the <c>VOCdevkit</c> around it, or the folder around that.</param>
    /// <param name="split"><c>train</c>, <c>val</c>, <c>trainval</c>, <c>aug</c> or <c>trainaug</c>.</param>
    /// <exception cref="InputException">There is no such split, or a folder, a list or a file that it names is missing.</exception>
    public static PairedDataSet Open(string root, string split)
    {
        VocFolder folder = VocFolder.Find(root, Year);
        LabelledFile[] files = s_splits.Find(root, split) switch
        {
            "trainaug" => [.. Own(folder, "train"), .. Augmented(folder)],
            "aug" => Augmented(folder),
            "trainval" when !File.Exists(folder.ListFile(Lists, "trainval")) => [.. Own(folder, "train"), .. Own(folder, "val")],
            string name => Own(folder, name),
        };
        return PairedDataSet.Of(files, SegmentationClasses.Voc2012);
    }

    /// <summary>Whether a folder has this layout.</summary>
    internal static bool Matches(string root) => VocFolder.TryFind(root, Year) is { } folder && Directory.Exists(folder.File(Labels));

    private static LabelledFile[] Own(VocFolder folder, string split) =>
        folder.Samples(folder.ListFile(Lists, split), folder.List(Lists, split, ListRemedy), Labels, Mapping(), LabelRemedy);

    /// <summary>What SBD adds to the split <c>train</c>; a list <c>trainaug</c> alone says it too.</summary>
    private static LabelledFile[] Augmented(VocFolder folder)
    {
        string list = !File.Exists(folder.ListFile(Lists, "aug")) && File.Exists(folder.ListFile(Lists, "trainaug")) ? "trainaug" : "aug";
        HashSet<string> own = [.. folder.List(Lists, "train", ListRemedy)];
        string[] names = [.. folder.List(Lists, list, AugRemedy).Where(name => !own.Contains(name))];
        return folder.Samples(folder.ListFile(Lists, list), names, AugmentedLabels, Mapping(), AugRemedy);
    }

    private static LabelMapping Mapping() => LabelMapping.Ids(SegmentationClasses.Voc2012.Count);
}
