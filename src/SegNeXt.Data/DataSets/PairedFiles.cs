using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A picture's file and its label's, which have the same name up to what it ends in.</summary>
/// <param name="Stem">That name.</param>
/// <param name="Image">The picture.</param>
/// <param name="Label">The label.</param>
internal readonly record struct FilePair(string Stem, string Image, string Label);

/// <summary>Finds the pairs of two kinds of files.</summary>
internal static class PairedFiles
{
    /// <summary>The pictures of a folder: .jpg, .jpeg and .png.</summary>
    public static FileKind Images(string folder) => new(folder, "images", ".jpg", ".jpeg", ".png");

    /// <summary>The labels of a folder: .png.</summary>
    public static FileKind Labels(string folder) => new(folder, "labels", ".png");

    /// <summary>All pairs in the order of their names.</summary>
    /// <exception cref="InputException">
    /// A folder is missing or has no images, an image or a label has no counterpart, or two files have one name.
    /// </exception>
    public static FilePair[] Find(FileKind images, FileKind labels)
    {
        SortedDictionary<string, string> imageFiles = images.List();
        if (imageFiles.Count == 0)
        {
            string where = images.InSubFolders ? "the folders of this folder" : "this folder";
            throw new InputException($"{images.Folder}: there are no images ({images.SuffixList}) in {where}.");
        }

        if (!Directory.Exists(labels.Folder))
        {
            string remedy = labels.Remedy.Length > 0 ? $": {labels.Remedy}" : "";
            throw new InputException($"{labels.Folder}: there is no such folder; the labels of {images.Folder} belong there{remedy}.");
        }

        SortedDictionary<string, string> labelFiles = labels.List();
        ThrowIfLonely(imageFiles, labelFiles, labels, "there is no label for this image", "images without a label");
        ThrowIfLonely(labelFiles, imageFiles, images, "there is no image for this label", "labels without an image");
        return [.. imageFiles.Select(file => new FilePair(file.Key, file.Value, labelFiles[file.Key]))];
    }

    private static void ThrowIfLonely(
        SortedDictionary<string, string> files, SortedDictionary<string, string> others, FileKind other, string fault, string what)
    {
        string[] lonely = [.. files.Keys.Where(stem => !others.ContainsKey(stem))];
        if (lonely.Length == 0)
        {
            return;
        }

        string file = files[lonely[0]];
        string folder = other.InSubFolders ? Path.Combine(other.Folder, Path.GetFileName(Path.GetDirectoryName(file)!)) : other.Folder;
        string path = Path.Combine(folder, lonely[0]);
        string expected = other.Suffixes.Length == 1 ? path + other.Suffixes[0] : $"{path} with {other.SuffixList}";
        string more = lonely.Length > 1 ? $" ({lonely.Length} {what} in all)" : "";
        throw new InputException($"{file}: {fault}; expected {expected}{more}.");
    }
}
