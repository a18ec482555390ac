using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Opens data sets by the name of their type.</summary>
public static class DataSets
{
    /// <summary>The type that is found out by looking at the folder.</summary>
    public const string Auto = "auto";

    private static readonly DataSetKind[] s_kinds =
    [
        new("ade20k", Ade20kDataSet.Open, Ade20kDataSet.Matches),
        new("camvid", CamVidDataSet.Open, CamVidDataSet.Matches),
        new("cityscapes", CityscapesDataSet.Open, CityscapesDataSet.Matches),
        new("cocostuff164k", CocoStuffDataSet.Open, CocoStuffDataSet.Matches),
        new("context59", PascalContextDataSet.Open59, PascalContextDataSet.Matches),
        new("context60", PascalContextDataSet.Open60, PascalContextDataSet.Matches),
        new("folder", FolderDataSet.Open, _ => false),
        new("isaid", IsaidDataSet.Open, IsaidDataSet.Matches),
        new("voc2012", VocDataSet.Open, VocDataSet.Matches),
    ];

    /// <summary>Names of the types, <see cref="Auto"/> first.</summary>
    public static IReadOnlyCollection<string> Types { get; } = [Auto, .. s_kinds.Select(kind => kind.Name)];

    /// <summary>Opens one split of a data set.</summary>
    /// <param name="type">One of <see cref="Types"/>, in either case.</param>
    /// <param name="root">The data set's folder.</param>
    /// <param name="split">For instance <c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">There is no such type, or the folder cannot be opened as one.</exception>
    public static ISegmentationDataSet Open(string type, string root, string split)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (string.Equals(type, Auto, StringComparison.OrdinalIgnoreCase))
        {
            return Open(root, split);
        }

        DataSetKind? kind = Array.Find(s_kinds, kind => string.Equals(kind.Name, type, StringComparison.OrdinalIgnoreCase));
        return kind?.Open(root, split)
            ?? throw new InputException($"There is no type of data set '{type}'; the types are {string.Join(", ", Types)}.");
    }

    /// <summary>Opens one split of a data set of a type that is found out: <see cref="Auto"/>.</summary>
    /// <remarks>A list of classes makes it a plain folder; CamVid is known by the names of its frames, the others by their folders.</remarks>
    /// <param name="root">The data set's folder.</param>
    /// <param name="split">For instance <c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">The folder cannot be opened as any type, or could be of several.</exception>
    public static ISegmentationDataSet Open(string root, string split)
    {
        return Detect(root) is { } name ? Open(name, root, split) : FolderDataSet.Open(root, split);
    }

    /// <summary>The type that a folder looks like, or null for a plain folder.</summary>
    /// <exception cref="InputException">There is no such folder, or it could be of several types.</exception>
    internal static string? Detect(string root)
    {
        FolderList.Require(root);
        DataSetKind[] kinds = File.Exists(Path.Combine(root, FolderLayout.ClassListName)) ? [] : Array.FindAll(s_kinds, kind => kind.Matches(root));
        if (kinds.Length > 1)
        {
            string names = $"{string.Join(", ", kinds[..^1].Select(kind => kind.Name))} or {kinds[^1].Name}";
            throw new InputException($"{root}: can be opened as {names}; choose one by data.type in a configuration.");
        }

        return kinds.Length == 1 ? kinds[0].Name : null;
    }

    /// <summary>A type: its name, how it is opened, and whether a folder looks like it.</summary>
    private sealed record DataSetKind(string Name, Func<string, string, ISegmentationDataSet> Open, Func<string, bool> Matches);
}
