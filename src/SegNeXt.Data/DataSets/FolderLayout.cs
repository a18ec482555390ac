using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Where a data set's folder has its pictures and labels: <c>images/SPLIT</c> and <c>labels/SPLIT</c>, or
/// <c>SPLIT/images</c> and <c>SPLIT/labels</c>. Which of the two is seen by the folders that there are.
/// </summary>
internal sealed class FolderLayout
{
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
    public string ClassList => Path.Combine(Root, "classes.txt");

    /// <summary>Looks at a folder.</summary>
    /// <exception cref="InputException">It is missing or has neither layout.</exception>
    public static FolderLayout Of(string root)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (!Directory.Exists(root))
        {
            string fault = File.Exists(root) ? "is a file; a data set is a folder" : "there is no such folder";
            throw new InputException($"{root}: {fault}.");
        }

        try
        {
            string[] splits = SubFolders(Path.Combine(root, Images));
            if (splits.Length > 0)
            {
                return new FolderLayout(root, splitFirst: false, splits);
            }

            splits = [.. SubFolders(root).Where(name => Directory.Exists(Path.Combine(root, name, Images)))];
            if (splits.Length > 0)
            {
                return new FolderLayout(root, splitFirst: true, splits);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{root}: cannot be listed: {e.Message.TrimEnd('.')}.", e);
        }

        string hint = Directory.Exists(Path.Combine(root, Images)) ? "; its images folder has no sub-folders for the splits" : "";
        throw new InputException($"{root}: is no data set: expected images/train, images/val, labels/train and labels/val in it{hint}.");
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

    private static string[] SubFolders(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateDirectories(folder).Select(Path.GetFileName).OfType<string>().Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)]
        : [];
}
