using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A picture's file and its label's, which have the same name up to the extension.</summary>
/// <param name="Stem">That name.</param>
/// <param name="Image">The picture: .jpg, .jpeg or .png.</param>
/// <param name="Label">The label: .png.</param>
internal readonly record struct FilePair(string Stem, string Image, string Label);

/// <summary>Finds the pairs of two folders.</summary>
internal static class PairedFiles
{
    private static readonly string[] s_imageExtensions = [".jpg", ".jpeg", ".png"];
    private static readonly string[] s_labelExtensions = [".png"];

    /// <summary>
    /// All pairs in the order of their names. Extensions may be of either case; other files, hidden ones and
    /// sub-folders are not looked at.
    /// </summary>
    /// <exception cref="InputException">
    /// A folder is missing or has no images, an image or a label has no counterpart, or two files have one name.
    /// </exception>
    public static FilePair[] Find(string images, string labels)
    {
        SortedDictionary<string, string> imageFiles = List(images, s_imageExtensions, "images");
        if (imageFiles.Count == 0)
        {
            throw new InputException($"{images}: there are no images (.jpg, .jpeg or .png) in this folder.");
        }

        if (!Directory.Exists(labels))
        {
            throw new InputException($"{labels}: there is no such folder; the labels of {images} belong there.");
        }

        SortedDictionary<string, string> labelFiles = List(labels, s_labelExtensions, "labels");
        ThrowIfLonely(imageFiles, labelFiles, stem => $"there is no label for this image; expected {Path.Combine(labels, stem + ".png")}", "images without a label");
        ThrowIfLonely(labelFiles, imageFiles, stem => $"there is no image for this label; expected {Path.Combine(images, stem)} with .jpg, .jpeg or .png", "labels without an image");
        return [.. imageFiles.Select(file => new FilePair(file.Key, file.Value, labelFiles[file.Key]))];
    }

    /// <summary>The label files of a folder, in the order of their names.</summary>
    public static IEnumerable<string> Labels(string folder) => List(folder, s_labelExtensions, "labels").Values;

    /// <summary>The picture files of a folder, in the order of their names.</summary>
    public static IEnumerable<string> Images(string folder) => List(folder, s_imageExtensions, "images").Values;

    private static SortedDictionary<string, string> List(string folder, string[] extensions, string what)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder))
            {
                string name = Path.GetFileName(path);
                if (name.StartsWith('.') || !extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase))
                {
                    continue;
                }

                string stem = Path.GetFileNameWithoutExtension(name);
                if (!files.TryAdd(stem, path))
                {
                    (string a, string b) = string.CompareOrdinal(files[stem], path) < 0 ? (files[stem], path) : (path, files[stem]);
                    throw new InputException($"{a} and {Path.GetFileName(b)}: two {what} with one name, '{stem}', cannot be told apart.");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string fault = e is DirectoryNotFoundException ? "there is no such folder" : $"cannot be listed: {e.Message.TrimEnd('.')}";
            throw new InputException($"{folder}: {fault}.", e);
        }

        return files;
    }

    private static void ThrowIfLonely(
        SortedDictionary<string, string> files, SortedDictionary<string, string> others, Func<string, string> fault, string what)
    {
        string[] lonely = [.. files.Keys.Where(stem => !others.ContainsKey(stem))];
        if (lonely.Length > 0)
        {
            string more = lonely.Length > 1 ? $" ({lonely.Length} {what} in all)" : "";
            throw new InputException($"{files[lonely[0]]}: {fault(lonely[0])}{more}.");
        }
    }
}
