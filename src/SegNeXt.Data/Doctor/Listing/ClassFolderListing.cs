using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Lists pictures that lie in a folder for each class, in splits or not.</summary>
internal static class ClassFolderListing
{
    /// <summary>The listing, or null where the folder is none of this kind.</summary>
    public static DataSetListing? Create(string root)
    {
        string[] splits = [.. FileKinds.Folders(root).Where(HasClasses)];
        if (splits.Length == 0 && !HasClasses(root))
        {
            return null;
        }

        (string Name, string Folder)[] folders = splits.Length > 0
            ? [.. splits.Select(folder => (Path.GetFileName(folder), folder))]
            : [(LooseLayout.Undivided, root)];
        string[] names = [.. folders.SelectMany(split => FileKinds.Folders(split.Folder)).Select(folder => Path.GetFileName(folder)).Distinct().Order(StringComparer.Ordinal)];
        if (names.Length > ClassSet.MaxClasses)
        {
            // Their number is no matter for pictures without labels, but a set of classes holds no more.
            return new DataSetListing { Root = root, Kind = ListingKind.ClassFolders, Splits = [.. folders.Select(split => List(split.Name, split.Folder))] };
        }

        return new DataSetListing
        {
            Root = root,
            Kind = ListingKind.ClassFolders,
            Splits = [.. folders.Select(split => List(split.Name, split.Folder))],
            Classes = new ClassSet("folders", names, ClassSet.Default(names.Length).Palette),
        };
    }

    /// <summary>At least two folders with pictures of a kind that is read.</summary>
    private static bool HasClasses(string folder) =>
        FileKinds.Folders(folder).Where(inner => Directory.EnumerateFiles(inner).Any(FileKinds.IsRead)).Take(2).Count() == 2;

    private static ListedSplit List(string name, string folder)
    {
        List<string> files = [.. FileKinds.Folders(folder).SelectMany(FileKinds.Pictures)];
        return new ListedSplit
        {
            Name = name,
            ImageFolder = folder,
            Samples = [.. files.Where(FileKinds.IsRead).Select(path => new ListedSample(Path.GetRelativePath(folder, path), path, null))],
            ForeignImages = [.. files.Where(path => !FileKinds.IsRead(path))],
        };
    }
}
