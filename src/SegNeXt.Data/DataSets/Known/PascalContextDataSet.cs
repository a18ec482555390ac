using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Pascal Context in the folder of VOC 2010: <c>JPEGImages</c>, <c>SegmentationClassContext/*.png</c> and the lists of
/// <c>ImageSets/SegmentationContext</c>. The files hold 0 for background and 1 to 59 for the classes; of 60 classes 0 is the first,
/// of 59 it is ignored.
/// </summary>
public static class PascalContextDataSet
{
    /// <summary>The year's folder.</summary>
    internal const string Year = "VOC2010";

    /// <summary>The folder of the lists.</summary>
    internal const string Lists = "SegmentationContext";

    /// <summary>The folder of the labels.</summary>
    internal const string Labels = "SegmentationClassContext";

    private const string Remedy = "segnext prepare context makes it from the data set's annotations";
    private static readonly SplitTable s_splits = new("Pascal Context", ("train", "train"), ("val", "val"));

    /// <summary>Opens one split with the 59 classes; background is ignored.</summary>
    /// <param name="root">The folder <c>VOC2010</c>, the <c>VOCdevkit</c> around it, or the folder around that.</param>
    /// <param name="split"><c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">There is no such split, or a folder, a list or a file that it names is missing.</exception>
    public static PairedDataSet Open59(string root, string split) =>
        Open(root, split, LabelMappings.PascalContext59, SegmentationClasses.PascalContext59);

    /// <summary>Opens one split with the 59 classes and background.</summary>
    /// <param name="root">The folder <c>VOC2010</c>, the <c>VOCdevkit</c> around it, or the folder around that.</param>
    /// <param name="split"><c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">There is no such split, or a folder, a list or a file that it names is missing.</exception>
    public static PairedDataSet Open60(string root, string split) =>
        Open(root, split, LabelMapping.Ids(SegmentationClasses.PascalContext60.Count), SegmentationClasses.PascalContext60);

    /// <summary>Whether a folder has this layout.</summary>
    internal static bool Matches(string root) => VocFolder.TryFind(root, Year) is { } folder && Directory.Exists(folder.File(Labels));

    private static PairedDataSet Open(string root, string split, LabelMapping mapping, ClassSet classes)
    {
        VocFolder folder = VocFolder.Find(root, Year);
        string name = s_splits.Find(root, split);
        string list = folder.ListFile(Lists, name);
        return PairedDataSet.Of(folder.Samples(list, folder.List(Lists, name, Remedy), Labels, mapping, Remedy), classes);
    }
}
