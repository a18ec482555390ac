using System.Text.RegularExpressions;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// CamVid with its 11 classes (Brostow et al., 2008; the reduction of SegNet): a folder as <see cref="FolderDataSet"/> has it,
/// whose classes and colours are known. Void is 255 in the labels.
/// </summary>
public static partial class CamVidDataSet
{
    /// <summary>Opens one split.</summary>
    /// <param name="root">The data set's folder.</param>
    /// <param name="split">For instance <c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">As for <see cref="FolderDataSet.Open(string, string)"/>.</exception>
    public static FolderDataSet Open(string root, string split) => FolderDataSet.Open(root, split, SegmentationClasses.CamVid);

    /// <summary>Whether the first picture of each split is named as the frames of CamVid's four sequences are.</summary>
    internal static bool Matches(string root) => FolderLayout.TryOf(root) is { } layout && layout.Splits.All(split =>
        PairedFiles.Images(layout.Folders(split).Images).List().Values.FirstOrDefault() is string first && FrameName().IsMatch(Path.GetFileName(first)));

    [GeneratedRegex("^(0001TP|0006R0|0016E5|Seq05VD)_[0-9a-z]+\\.")]
    private static partial Regex FrameName();
}
