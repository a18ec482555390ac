using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Train ids beside the labels that a data set comes with, in grey PNG files, as the conversions of the released code make them:
/// loading then needs no mapping, and other software reads the files too.
/// </summary>
public static class TrainIdPreparation
{
    /// <summary><c>*_gtFine_labelTrainIds.png</c> beside Cityscapes' <c>*_gtFine_labelIds.png</c>, of all splits that are there.</summary>
    /// <param name="root">The folder that holds <c>gtFine</c>.</param>
    /// <exception cref="InputException">There are no such labels.</exception>
    public static Preparation Cityscapes(string root)
    {
        FolderList.Require(root);
        string labels = Path.Combine(root, CityscapesDataSet.Labels);
        IEnumerable<string> folders = FolderList.SubFolders(labels)
            .SelectMany(split => FolderList.SubFolders(Path.Combine(labels, split)).Select(city => Path.Combine(labels, split, city)));
        PrepareItem[] items =
        [
            .. folders.SelectMany(folder => new FileKind(folder, "labels", CityscapesDataSet.LabelIds).List())
                .Select(file => Item(file.Value, CityscapesDataSet.LabelIds, CityscapesDataSet.TrainIds, LabelMappings.CityscapesLabelIds)),
        ];
        return items.Length > 0
            ? new Preparation(items, [])
            : throw new InputException($"{labels}: there are no labels SPLIT/CITY/*{CityscapesDataSet.LabelIds}; unpack gtFine_trainvaltest.zip in {root}.");
    }

    /// <summary><c>*_labelTrainIds.png</c> beside COCO-Stuff's <c>stuffthingmaps</c>, of all splits that are there.</summary>
    /// <param name="root">The folder that holds <c>annotations</c>.</param>
    /// <exception cref="InputException">There are no such labels.</exception>
    public static Preparation CocoStuff(string root)
    {
        FolderList.Require(root);
        string labels = Path.Combine(root, CocoStuffDataSet.Annotations);
        PrepareItem[] items =
        [
            .. CocoStuffDataSet.Splits.Splits.Select(split => Path.Combine(labels, split.OnDisk)).Where(Directory.Exists)
                .SelectMany(folder => new FileKind(folder, "labels", ".png") { Except = [CocoStuffDataSet.TrainIds] }.List())
                .Select(file => Item(file.Value, ".png", CocoStuffDataSet.TrainIds, LabelMappings.CocoStuff)),
        ];
        return items.Length > 0
            ? new Preparation(items, [])
            : throw new InputException($"{labels}: there are no labels train2017/*.png or val2017/*.png; unpack stuffthingmaps_trainval2017.zip in it.");
    }

    private static PrepareItem Item(string source, string suffix, string trainSuffix, LabelMapping mapping) => PrepareItem.Single(
        source,
        source[..^suffix.Length] + trainSuffix,
        () => ImageFile.ReadSize(source),
        () => PngWriter.EncodeLabel(LabelFile.Read(source, mapping)));
}
