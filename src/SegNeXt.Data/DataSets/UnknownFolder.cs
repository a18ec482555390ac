namespace SegNeXt.Data;

/// <summary>Says what is wrong with a folder that is no labelled data set, as far as its content tells.</summary>
internal static class UnknownFolder
{
    private const string Expected = "expected images/train, images/val, labels/train and labels/val in it";

    /// <summary>The fault, without the folder's name and a full stop.</summary>
    public static string Describe(string root)
    {
        if (VocFolder.TryFind(root, PascalContextDataSet.Year) is not null)
        {
            return "holds the pictures of Pascal VOC without labels; for VOC 2012 unpack SegmentationClass, for Pascal Context run segnext prepare context";
        }

        if (Directory.Exists(Path.Combine(root, CityscapesDataSet.Labels)))
        {
            return "holds labels of Cityscapes without pictures; unpack leftImg8bit_trainvaltest.zip in it";
        }

        if (IsClassFolders(root))
        {
            return "holds pictures by folders of classes, which a classifier is trained on, but no labels for segmentation";
        }

        if (FolderList.HasFile(Path.Combine(root, "train", "images"), ".zip") || FolderList.HasFile(root, ".zip") || FolderList.HasFile(root, ".tar"))
        {
            return $"is no data set yet: unpack the archives in it; {Expected}, or the layout of a known data set";
        }

        string hint = Directory.Exists(Path.Combine(root, "images")) ? "; its images folder has no sub-folders for the splits" : "";
        return $"is no data set: {Expected}, or the layout of a known data set{hint}";
    }

    private static bool IsClassFolders(string root)
    {
        string? split = FolderList.FirstOf(root, "train", "val");
        return split is not null && FolderList.SubFolders(split).Any(name =>
            PairedFiles.Images(Path.Combine(split, name)).Suffixes.Any(suffix => FolderList.HasFile(Path.Combine(split, name), suffix)));
    }
}
