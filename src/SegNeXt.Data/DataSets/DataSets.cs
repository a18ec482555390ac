using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Opens data sets by the name of their type.</summary>
public static class DataSets
{
    /// <summary>The type that is found out by looking at the folder.</summary>
    public const string Auto = "auto";

    private static readonly SortedDictionary<string, Func<string, string, ISegmentationDataSet>> s_types = new(StringComparer.OrdinalIgnoreCase)
    {
        [Auto] = OpenAny,
        ["folder"] = FolderDataSet.Open,
        ["camvid"] = CamVidDataSet.Open,
    };

    /// <summary>Names of the types.</summary>
    public static IReadOnlyCollection<string> Types => s_types.Keys;

    /// <summary>Opens one split of a data set.</summary>
    /// <param name="type"><c>folder</c>, <c>camvid</c> or <c>auto</c>, in either case.</param>
    /// <param name="root">The data set's folder.</param>
    /// <param name="split">For instance <c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">There is no such type, or the folder cannot be opened as one.</exception>
    public static ISegmentationDataSet Open(string type, string root, string split)
    {
        ArgumentNullException.ThrowIfNull(type);
        return s_types.TryGetValue(type, out Func<string, string, ISegmentationDataSet>? open)
            ? open(root, split)
            : throw new InputException($"There is no type of data set '{type}'; the types are {string.Join(", ", s_types.Keys)}.");
    }

    /// <summary>Opens one split of a data set of a type that is found out: <see cref="Auto"/>.</summary>
    /// <param name="root">The data set's folder.</param>
    /// <param name="split">For instance <c>train</c> or <c>val</c>.</param>
    /// <exception cref="InputException">The folder cannot be opened as any type.</exception>
    public static ISegmentationDataSet Open(string root, string split) => OpenAny(root, split);

    /// <summary>A list of classes decides; without one, CamVid is known by the names of its frames.</summary>
    private static FolderDataSet OpenAny(string root, string split)
    {
        FolderLayout layout = FolderLayout.Of(root);
        return !File.Exists(layout.ClassList) && CamVidDataSet.IsCamVid(layout)
            ? CamVidDataSet.Open(root, split)
            : FolderDataSet.Open(root, split);
    }
}
