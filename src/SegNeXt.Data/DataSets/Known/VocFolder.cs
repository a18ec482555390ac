using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>The folder of one year of Pascal VOC: pictures in <c>JPEGImages</c>, lists of them in <c>ImageSets</c>.</summary>
internal sealed class VocFolder
{
    private const string Images = "JPEGImages";

    private VocFolder(string path) => Path = path;

    /// <summary>The year's folder.</summary>
    public string Path { get; }

    /// <summary>Finds the folder: the root itself, or a year's in it, or in the <c>VOCdevkit</c> in it.</summary>
    /// <param name="root">Where to look.</param>
    /// <param name="year">Its name, such as <c>VOC2012</c>.</param>
    /// <returns>The folder, or null where there is none with pictures.</returns>
    public static VocFolder? TryFind(string root, string year)
    {
        string[] places = [root, System.IO.Path.Combine(root, year), System.IO.Path.Combine(root, "VOCdevkit", year)];
        return places.Where(place => Directory.Exists(System.IO.Path.Combine(place, Images))).Select(place => new VocFolder(place)).FirstOrDefault();
    }

    /// <summary>As <see cref="TryFind"/>, but there must be one.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static VocFolder Find(string root, string year)
    {
        FolderList.Require(root);
        return TryFind(root, year) ?? throw new InputException(
            $"{root}: holds no pictures of Pascal VOC; expected {Images} in it, in {System.IO.Path.Combine(root, year)} or in {System.IO.Path.Combine(root, "VOCdevkit", year)}.");
    }

    /// <summary>A path below the folder.</summary>
    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>The file of a list.</summary>
    public string ListFile(string lists, string name) => File("ImageSets", lists, name + ".txt");

    /// <summary>A picture.</summary>
    public string Image(string name) => File(Images, name + ".jpg");

    /// <summary>The names in a list.</summary>
    /// <param name="lists">The folder of the lists, such as <c>Segmentation</c>.</param>
    /// <param name="name">The list's name.</param>
    /// <param name="remedy">How to get a list that is missing.</param>
    /// <exception cref="InputException">There is no such list, it cannot be read or names nothing.</exception>
    public string[] List(string lists, string name, string remedy)
    {
        string path = ListFile(lists, name);
        if (!System.IO.File.Exists(path))
        {
            throw new InputException($"{path}: there is no such list; {remedy}.");
        }

        string[] names;
        try
        {
            names = [.. System.IO.File.ReadLines(path).Select(NameOf).Where(entry => entry.Length > 0).Distinct(StringComparer.Ordinal)];
        }
        catch (Exception e) when (FileErrors.IsFileError(e))
        {
            throw FileErrors.Wrap(path, e);
        }

        return names.Length > 0 ? names : throw new InputException($"{path}: lists no picture.");
    }

    /// <summary>The samples of a list, each with its picture and label there.</summary>
    /// <param name="list">The list's file, for the message.</param>
    /// <param name="names">Names of pictures.</param>
    /// <param name="labels">The folder of the labels, below the year's.</param>
    /// <param name="mapping">How the labels' values become class ids.</param>
    /// <param name="remedy">How to get labels that are missing.</param>
    /// <exception cref="InputException">A file is missing; the message says how many.</exception>
    public LabelledFile[] Samples(string list, IReadOnlyList<string> names, string labels, LabelMapping mapping, string remedy)
    {
        LabelledFile[] files = [.. names.Select(name => new LabelledFile(name, Image(name), File(labels, name + ".png"), mapping))];
        RequireAll(list, "picture", [.. files.Select(file => file.Image)], "unpack the whole archive of the pictures, or take the names out of the list");
        RequireAll(list, "label", [.. files.Select(file => file.Label)], remedy);
        return files;
    }

    private static void RequireAll(string list, string what, string[] paths, string remedy)
    {
        string[] missing = [.. paths.Where(path => !System.IO.File.Exists(path))];
        if (missing.Length > 0)
        {
            string more = missing.Length > 1 ? $" ({missing.Length} of {paths.Length} are missing)" : "";
            throw new InputException($"{missing[0]}: there is no such {what}, but {list} names it{more}; {remedy}.");
        }
    }

    /// <summary>Some lists have a second column, or whole paths as those that went around with DeepLab.</summary>
    private static string NameOf(string line)
    {
        string first = line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries) is [string entry, ..] ? entry : "";
        return first.Contains('/', StringComparison.Ordinal) ? System.IO.Path.GetFileNameWithoutExtension(first) : first;
    }
}
