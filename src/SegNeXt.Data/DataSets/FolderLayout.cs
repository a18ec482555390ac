using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Where a data set's folder has its pictures and labels: <c>images/SPLIT</c> and <c>labels/SPLIT</c>, or
/// <c>SPLIT/images</c> and <c>SPLIT/labels</c>. Which of the two is seen by the folders that there are.
/// </summary>
internal sealed class FolderLayout
{
    /// <summary>The list of classes.</summary>
    public const string ClassListName = "classes.txt";

    private const string Images = "images";
    private const string Labels = "labels";
    private readonly bool _splitFirst;

    private FolderLayout(string root, bool splitFirst, string[] splits)
    {
        Root = root;
        _splitFirst = splitFirst;
        Splits = splits;
    }

    /// <summary>The data set's folder.</summary>
    public string Root { get; }

    /// <summary>Names of the splits, sorted.</summary>
    public string[] Splits { get; }

    /// <summary>The list of classes, whether it is there or not.</summary>
    public string ClassList => Path.Combine(Root, ClassListName);

    /// <summary>Looks at a folder.</summary>
    /// <exception cref="InputException">It is missing or has neither layout.</exception>
    public static FolderLayout Of(string root)
    {
        FolderList.Require(root);
        return TryOf(root) ?? throw new InputException($"{root}: {UnknownFolder.Describe(root)}.");
    }

    /// <summary>As <see cref="Of"/>, but null where it has neither layout.</summary>
    public static FolderLayout? TryOf(string root)
    {
        string[] splits = FolderList.SubFolders(Path.Combine(root, Images));
        if (splits.Length > 0)
        {
            return new FolderLayout(root, splitFirst: false, splits);
        }

        splits = [.. FolderList.SubFolders(root).Where(name => Directory.Exists(Path.Combine(root, name, Images)))];
        return splits.Length > 0 ? new FolderLayout(root, splitFirst: true, splits) : null;
    }

    /// <summary>The two folders of a split.</summary>
    /// <exception cref="InputException">There is no such split; the message lists those that are there.</exception>
    public (string Images, string Labels) Folders(string split)
    {
        ArgumentNullException.ThrowIfNull(split);
        if (!Splits.Contains(split, StringComparer.Ordinal))
        {
            throw new InputException($"{Root}: there is no split '{split}'; there is {string.Join(", ", Splits)}.");
        }

        return _splitFirst
            ? (Path.Combine(Root, split, Images), Path.Combine(Root, split, Labels))
            : (Path.Combine(Root, Images, split), Path.Combine(Root, Labels, split));
    }
}
