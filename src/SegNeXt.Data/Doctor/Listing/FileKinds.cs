namespace SegNeXt.Data;

/// <summary>What files are by their names.</summary>
internal static class FileKinds
{
    private static readonly HashSet<string> s_read = new(StringComparer.OrdinalIgnoreCase) { ".jpg", ".jpeg", ".png" };

    private static readonly HashSet<string> s_pictures = new(StringComparer.OrdinalIgnoreCase)
    {
        ".bmp", ".tif", ".tiff", ".gif", ".webp", ".heic", ".heif", ".avif", ".jp2", ".j2k", ".jxl", ".jfif", ".ppm", ".pgm", ".pnm", ".tga",
        ".exr", ".npy", ".npz", ".dcm", ".nii", ".mat",
    };

    private static readonly HashSet<string> s_annotations = new(StringComparer.OrdinalIgnoreCase) { ".json", ".xml", ".txt", ".csv" };

    /// <summary>Extensions of pictures that are read.</summary>
    public static bool IsRead(string path) => s_read.Contains(Path.GetExtension(path));

    /// <summary>Whether the name is that of a label as the folder layout wants it.</summary>
    public static bool IsLabel(string path) => string.Equals(Path.GetExtension(path), ".png", StringComparison.OrdinalIgnoreCase);

    /// <summary>Extensions of pictures or arrays that may be meant as pictures or labels and are not read.</summary>
    public static bool IsForeign(string path) => s_pictures.Contains(Path.GetExtension(path));

    /// <summary>Extensions of outlines and boxes in words, which are no labels a pixel.</summary>
    public static bool IsAnnotation(string path) => s_annotations.Contains(Path.GetExtension(path));

    /// <summary>The files of a folder that are pictures of some kind, sorted; none where there is no such folder.</summary>
    public static List<string> Pictures(string? folder) => Files(folder, path => IsRead(path) || IsForeign(path));

    /// <summary>The files of a folder that may be meant as labels, sorted; none where there is no such folder.</summary>
    public static List<string> Labels(string? folder) => Files(folder, path => IsRead(path) || IsForeign(path) || IsAnnotation(path));

    private static List<string> Files(string? folder, Func<string, bool> isWanted) => folder is null || !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder)
            .Where(path => !Path.GetFileName(path).StartsWith('.') && isWanted(path))
            .Order(StringComparer.Ordinal)];

    /// <summary>The folders of a folder, hidden ones left out, sorted.</summary>
    public static string[] Folders(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateDirectories(folder).Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal)]
        : [];
}
