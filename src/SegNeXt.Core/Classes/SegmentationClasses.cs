namespace SegNeXt.Core;

/// <summary>Names and customary colours of the classes of the known data sets, in the order of their ids.</summary>
public static partial class SegmentationClasses
{
    /// <summary>All known sets.</summary>
    public static IReadOnlyList<ClassSet> All =>
        [Ade20k, CamVid, Cityscapes, CocoStuff, Isaid, PascalContext59, PascalContext60, Voc2012];

    /// <summary>The set of that name, or null.</summary>
    /// <param name="name">As <see cref="ClassSet.Name"/>, in either case.</param>
    public static ClassSet? Find(string name) => All.FirstOrDefault(set => string.Equals(set.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The set of that name.</summary>
    /// <param name="name">As <see cref="ClassSet.Name"/>, in either case.</param>
    /// <exception cref="InputException">There is no such set; the message lists the names.</exception>
    public static ClassSet Get(string name) => Find(name)
        ?? throw new InputException($"There is no known class set '{name}'; the known ones are {string.Join(", ", All.Select(set => set.Name))}.");
}
