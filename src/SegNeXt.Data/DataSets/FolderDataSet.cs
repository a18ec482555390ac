using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// A folder of pictures and labels: <c>images/SPLIT</c> and <c>labels/SPLIT</c>, or <c>SPLIT/images</c> and
/// <c>SPLIT/labels</c>, and an optional <c>classes.txt</c>. A picture (.jpg, .jpeg, .png) and its label (.png, whose
/// grey value or palette index is the class id, 255 = ignored) have the same name.
/// </summary>
public sealed class FolderDataSet : PairedDataSet
{
    private FolderDataSet(FilePair[] pairs, ClassSet classes)
        : base(LabelledFile.All(pairs, LabelMapping.Ids(classes.Count)), classes)
    {
    }

    /// <summary>
    /// Opens one split. The files are listed, not read, except that without a <c>classes.txt</c> all labels of all
    /// splits are read to find their highest id, which takes a while for a large data set.
    /// </summary>
    /// <param name="root">The data set's folder.</param>
    /// <param name="split">For instance <c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">
    /// Folder or split are missing, an image has no label or a label no image, two images have one name, there are no
    /// images, the list of classes cannot be used, or, without one, a label cannot be read.
    /// </exception>
    public static FolderDataSet Open(string root, string split)
    {
        FolderLayout layout = FolderLayout.Of(root);
        return new FolderDataSet(Pairs(layout, split), FindClasses(layout));
    }

    /// <summary>Opens one split with classes that are known; a <c>classes.txt</c> is not looked at.</summary>
    /// <param name="root">The data set's folder.</param>
    /// <param name="split">For instance <c>train</c> or <c>val</c>.</param>
    /// <param name="classes">The classes.</param>
    /// <exception cref="InputException">As for <see cref="Open(string, string)"/>.</exception>
    public static FolderDataSet Open(string root, string split, ClassSet classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return new FolderDataSet(Pairs(FolderLayout.Of(root), split), classes);
    }

    private static FilePair[] Pairs(FolderLayout layout, string split)
    {
        (string images, string labels) = layout.Folders(split);
        return PairedFiles.Find(PairedFiles.Images(images), PairedFiles.Labels(labels));
    }

    private static ClassSet FindClasses(FolderLayout layout)
    {
        if (File.Exists(layout.ClassList))
        {
            return ClassSet.FromFile(layout.ClassList);
        }

        string[] files = [.. layout.Splits.Select(split => layout.Folders(split).Labels).Where(Directory.Exists).SelectMany(folder => PairedFiles.Labels(folder).List().Values)];
        return ClassSet.Default(LabelRange.CountClasses(files, layout.Root));
    }
}
