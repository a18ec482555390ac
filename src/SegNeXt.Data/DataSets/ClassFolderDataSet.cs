using System.Text;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Pictures in a folder per class, as ImageNet's: <c>SPLIT/CLASS/*.jpg</c> (also .jpeg and .png). A class's index is the place of its
/// folder in the ordinal order of the names. An optional <c>classes.txt</c> beside the splits gives names for people.
/// </summary>
public sealed class ClassFolderDataSet : IClassificationDataSet
{
    private const string Train = "train";
    private const string NameFile = "classes.txt";
    private readonly (string Path, int Class)[] _files;
    private readonly string _folder;

    private ClassFolderDataSet(string folder, (string Path, int Class)[] files, string[] folders, string[] names)
    {
        _folder = folder;
        _files = files;
        Folders = folders;
        Classes = names;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Names of the classes' folders, in the order of their indices.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <inheritdoc/>
    public int Count => _files.Length;

    /// <summary>
    /// Opens one split; the pictures are listed, not read. The classes are the folders of the split <c>train</c>, where there is one, so
    /// that an index means the same in every split; the opened one may lack some.
    /// </summary>
    /// <param name="root">The folder that holds the splits.</param>
    /// <param name="split">For instance <c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">
    /// A folder is missing, there are no folders of classes or one of them has no pictures, the split has a class that <c>train</c> has
    /// not, or the list of names does not fit.
    /// </exception>
    public static ClassFolderDataSet Open(string root, string split)
    {
        ArgumentNullException.ThrowIfNull(split);
        FolderList.Require(root);
        string folder = System.IO.Path.Combine(root, split);
        if (split.Length == 0 || !Directory.Exists(folder))
        {
            string[] splits = FolderList.SubFolders(root);
            throw new InputException($"{root}: there is no split '{split}'{(splits.Length > 0 ? $"; there is {string.Join(", ", splits.Take(10))}" : "")}.");
        }

        string[] own = ClassFolders(folder);
        string train = System.IO.Path.Combine(root, Train);
        string[] folders = Directory.Exists(train) ? ClassFolders(train) : own;
        if (own.FirstOrDefault(name => Array.BinarySearch(folders, name, StringComparer.Ordinal) < 0) is { } unknown)
        {
            throw new InputException($"{System.IO.Path.Combine(folder, unknown)}: {train} has no class of this name.");
        }

        (string, int)[] files =
        [
            .. own.SelectMany(name => Pictures(System.IO.Path.Combine(folder, name)).Select(
                path => (path, Array.BinarySearch(folders, name, StringComparer.Ordinal)))),
        ];
        return new ClassFolderDataSet(folder, files, folders, ReadNames(System.IO.Path.Combine(root, NameFile), folders));
    }

    /// <summary>The picture's class folder and file, such as <c>n01440764/n01440764_10026.JPEG</c>.</summary>
    /// <inheritdoc/>
    public string Name(int index) => System.IO.Path.GetRelativePath(_folder, _files[index].Path).Replace('\\', '/');

    /// <inheritdoc/>
    public string Path(int index) => _files[index].Path;

    /// <inheritdoc/>
    public int ClassOf(int index) => _files[index].Class;

    /// <inheritdoc/>
    public ClassifiedImage Load(int index) => new(ImageFile.ReadRgb(_files[index].Path), _files[index].Class);

    private static string[] ClassFolders(string folder)
    {
        string[] folders = FolderList.SubFolders(folder);
        return folders.Length > 0
            ? folders
            : throw new InputException(PairedFiles.Images(folder).Suffixes.Any(suffix => FolderList.HasFile(folder, suffix))
                ? $"{folder}: its pictures are not in folders of classes; sort them into one folder per class."
                : $"{folder}: there are no folders of classes in this folder.");
    }

    private static string[] Pictures(string folder)
    {
        // Two files of one name and different endings are two pictures here.
        FileKind kind = PairedFiles.Images(folder);
        string[] files;
        try
        {
            files = [.. Directory.EnumerateFiles(folder).Where(path => kind.SuffixOf(System.IO.Path.GetFileName(path)) >= 0).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (FileErrors.IsFileError(e))
        {
            throw FileErrors.Wrap(folder, e);
        }

        return files.Length > 0 ? files : throw new InputException($"{folder}: there are no images ({kind.SuffixList}) in this folder of a class.");
    }

    /// <summary>Names by folder, <c>FOLDER⇥NAME</c> a line in any order, or a name a line in the order of the folders.</summary>
    private static string[] ReadNames(string path, string[] folders)
    {
        if (!File.Exists(path))
        {
            return folders;
        }

        string[] lines;
        try
        {
            lines = [.. File.ReadAllLines(path, Encoding.UTF8).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception e) when (FileErrors.IsFileError(e))
        {
            throw FileErrors.Wrap(path, e);
        }

        if (!lines.Any(line => line.Contains('\t', StringComparison.Ordinal)))
        {
            return lines.Length == folders.Length
                ? lines
                : throw new InputException($"{path}: lists {lines.Length} names, but there are {folders.Length} folders of classes.");
        }

        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            string[] fields = line.Split('\t', 2, StringSplitOptions.TrimEntries);
            if (fields.Length < 2 || !names.TryAdd(fields[0], fields[1]))
            {
                throw new InputException($"{path}: the line '{line}' is no folder, a tab and a name, or repeats a folder.");
            }
        }

        return
        [
            .. folders.Select(folder => names.TryGetValue(folder, out string? name)
                ? name
                : throw new InputException($"{path}: has no name for the folder {folder}.")),
        ];
    }
}
