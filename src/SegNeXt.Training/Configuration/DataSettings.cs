namespace SegNeXt.Training;

/// <summary>Section <c>data</c>: what is trained and evaluated on.</summary>
public sealed record DataSettings
{
    /// <summary><c>data.type</c>: the layout of the folder.</summary>
    public DataSetType Type { get; init; } = DataSetType.Auto;

    /// <summary><c>data.root</c>: the data set's folder, relative to the working directory.</summary>
    public string Root { get; init; } = string.Empty;

    /// <summary><c>data.train_split</c>: the split that is trained on.</summary>
    public string TrainSplit { get; init; } = "train";

    /// <summary><c>data.val_split</c>: the split that is held back for evaluation.</summary>
    public string ValSplit { get; init; } = "val";
}

/// <summary>Layouts of a data set's folder.</summary>
public enum DataSetType
{
    /// <summary>Found out by looking at the folder.</summary>
    Auto,

    /// <summary><c>images/SPLIT</c>, <c>labels/SPLIT</c> and an optional <c>classes.txt</c>.</summary>
    Folder,

    /// <summary>CamVid with 11 classes.</summary>
    CamVid,

    /// <summary>ADE20K scene parsing, 150 classes.</summary>
    Ade20k,

    /// <summary>Cityscapes, 19 classes.</summary>
    Cityscapes,

    /// <summary>Pascal VOC 2012, 20 classes and background.</summary>
    Voc2012,

    /// <summary>Pascal Context, 59 classes; background is ignored.</summary>
    Context59,

    /// <summary>Pascal Context, 59 classes and background.</summary>
    Context60,

    /// <summary>COCO-Stuff 164k, 171 classes.</summary>
    CocoStuff164k,

    /// <summary>iSAID, 15 classes and background.</summary>
    Isaid,
}
