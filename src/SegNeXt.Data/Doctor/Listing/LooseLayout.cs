namespace SegNeXt.Data;

/// <summary>Where a split's files are.</summary>
internal sealed record LooseSplit(string Name, string Images, string? Labels);

/// <summary>
/// Finds pictures and labels in a folder even where its sub-folders are not called as they should be: the same two
/// layouts as <see cref="FolderLayout"/>, and folders that are not divided into splits.
/// </summary>
internal static class LooseLayout
{
    /// <summary>The split of a data set that has none.</summary>
    public const string Undivided = "all";

    private static readonly string[] s_images = ["images", "image", "imgs", "img", "pictures", "photos", "jpegimages", "rgb", "inputs", "input"];

    private static readonly string[] s_labels =
    [
        "labels", "label", "masks", "mask", "annotations", "annotation", "annots", "gt", "groundtruth", "ground_truth", "segmentation",
        "segmentations", "segmentationclass", "seg", "targets", "target", "labelids", "labeltrainids",
    ];

    /// <summary>The splits, sorted by name; none where nothing looks like a data set.</summary>
    /// <param name="root">The data set's folder.</param>
    /// <param name="names">Gets what must be renamed, from and to, relative to the root.</param>
    public static IReadOnlyList<LooseSplit> Find(string root, List<(string From, string To)> names)
    {
        string? images = Named(root, s_images);
        string? labels = Named(root, s_labels);
        if (images is not null && FileKinds.Folders(images) is { Length: > 0 } splits)
        {
            Wish(root, images, "images", names);
            Wish(root, labels, "labels", names);
            return [.. splits.Select(split => new LooseSplit(Path.GetFileName(split), split, labels is null ? null : Path.Combine(labels, Path.GetFileName(split))))];
        }

        List<LooseSplit> found = [];
        foreach (string folder in FileKinds.Folders(root))
        {
            if (Named(folder, s_images) is { } inner && FileKinds.Folders(inner).Length == 0)
            {
                string? innerLabels = Named(folder, s_labels);
                Wish(root, inner, "images", names);
                Wish(root, innerLabels, "labels", names);
                found.Add(new LooseSplit(Path.GetFileName(folder), inner, innerLabels));
            }
        }

        return found.Count > 0 ? found
            : images is not null ? [new LooseSplit(Undivided, images, labels)]
            : [];
    }

    /// <summary>The first of the names that is a sub-folder, whatever its case.</summary>
    private static string? Named(string folder, string[] names)
    {
        string[] folders = FileKinds.Folders(folder);
        return names.Select(name => Array.Find(folders, path => string.Equals(Path.GetFileName(path), name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(path => path is not null);
    }

    private static void Wish(string root, string? folder, string name, List<(string From, string To)> names)
    {
        if (folder is not null && Path.GetFileName(folder) != name)
        {
            string from = Path.GetRelativePath(root, folder);
            names.Add((from, Path.Combine(Path.GetDirectoryName(from) ?? "", name)));
        }
    }
}
