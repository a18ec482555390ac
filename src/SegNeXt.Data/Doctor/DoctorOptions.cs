namespace SegNeXt.Data;

/// <summary>What <see cref="DataSetDoctor"/> looks at, and what the training will ask of the data.</summary>
public sealed record DoctorOptions
{
    /// <summary>A name of <see cref="DataSets.Types"/>.</summary>
    public string Type { get; init; } = DataSets.Auto;

    /// <summary>The split that is trained on.</summary>
    public string TrainSplit { get; init; } = "train";

    /// <summary>The split that is held back.</summary>
    public string ValSplit { get; init; } = "val";

    /// <summary>The number of classes that the configuration demands, or null.</summary>
    public int? Classes { get; init; }

    /// <summary>What training will do to the pictures: crop, resize base, ratios; null where that is not known.</summary>
    public AugmentationOptions? Augmentation { get; init; }

    /// <summary>
    /// Whether the pictures' pixels are left undecoded: sizes come from the headers, equal files are found by their bytes.
    /// Damage behind the headers and pictures that are merely alike are not found then. Labels are decoded always.
    /// </summary>
    public bool Quick { get; init; }

    /// <summary>Pictures to look at in each split, spread evenly over it; null for all. Names are compared for all of them.</summary>
    public int? Limit { get; init; }
}
