using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A picture with its label, as far as it has one.</summary>
/// <param name="Name">What both are called.</param>
/// <param name="Image">The picture's file, or null for a label alone.</param>
/// <param name="Label">The label's file, or null for a picture alone.</param>
/// <param name="Mapping">How the values in the label become ids, where they are not the ids themselves.</param>
internal sealed record ListedSample(string Name, string? Image, string? Label, LabelMapping? Mapping = null);

/// <summary>The files of one split, whatever is wrong with them.</summary>
internal sealed record ListedSplit
{
    /// <summary>The split's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where pictures are, for messages; null where they are in many places.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>Where labels are or should be.</summary>
    public string? LabelFolder { get; init; }

    /// <summary>All of it, by name.</summary>
    public IReadOnlyList<ListedSample> Samples { get; init; } = [];

    /// <summary>Pictures of formats that are not read, by their extension.</summary>
    public IReadOnlyList<string> ForeignImages { get; init; } = [];

    /// <summary>Labels of formats that cannot be used, by their extension.</summary>
    public IReadOnlyList<string> ForeignLabels { get; init; } = [];

    /// <summary>Files of one name that cannot be told apart.</summary>
    public IReadOnlyList<string> Ambiguous { get; init; } = [];

    /// <summary>Why the split cannot be opened, or null.</summary>
    public string? Fault { get; init; }
}

/// <summary>Kinds of data sets that are looked at in different ways.</summary>
internal enum ListingKind
{
    /// <summary>Folders of pictures and labels.</summary>
    Folder,

    /// <summary>A data set of a layout of its own, read by its own reader.</summary>
    Known,

    /// <summary>Pictures in a folder for each class, without labels.</summary>
    ClassFolders,
}

/// <summary>All files of a data set.</summary>
internal sealed record DataSetListing
{
    /// <summary>The data set's folder.</summary>
    public required string Root { get; init; }

    /// <summary>How it is looked at.</summary>
    public required ListingKind Kind { get; init; }

    /// <summary>The splits that there are.</summary>
    public required IReadOnlyList<ListedSplit> Splits { get; init; }

    /// <summary>The classes, or null where they follow from the labels.</summary>
    public ClassSet? Classes { get; init; }

    /// <summary>What was found while listing.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
