using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Numbers of files and frequencies of classes.</summary>
internal static class Summaries
{
    /// <summary>What each split holds.</summary>
    public static IReadOnlyList<SplitSummary> Splits(DataSetListing listing) =>
    [
        .. listing.Splits.Select(split => new SplitSummary(
            split.Name,
            split.Samples.Count(sample => sample.Image is not null),
            split.Samples.Count(sample => sample.Label is not null),
            split.Samples.Count(sample => sample.Image is not null && (sample.Label is not null || listing.Kind == ListingKind.ClassFolders)))),
    ];

    /// <summary>How often each class occurs.</summary>
    public static IReadOnlyList<ClassSummary> Classes(DataSetFacts facts) =>
        facts.Listing.Kind == ListingKind.ClassFolders ? OfFolders(facts) : OfLabels(facts);

    /// <summary>The class of a picture that lies in a folder for it.</summary>
    public static string FolderOf(ListedSample sample) => Path.GetFileName(Path.GetDirectoryName(sample.Image)!);

    private static List<ClassSummary> OfLabels(DataSetFacts facts)
    {
        ClassCounts[] splits = [.. facts.Listing.Splits.Select(split => ClassCounts.Of(facts, split.Name))];
        ClassCounts all = ClassCounts.Of(facts, null);
        return [.. Enumerable.Range(0, Math.Min(facts.ClassCount, ClassSet.MaxClasses)).Select(id => new ClassSummary(
            facts.NameOf(id), id, all.Share(id), all.Images[id], [.. splits.Select(split => new ClassShare(split.Share(id), split.Images[id]))]))];
    }

    private static List<ClassSummary> OfFolders(DataSetFacts facts)
    {
        string[] splits = [.. facts.Listing.Splits.Select(split => split.Name)];
        int[] totals = [.. facts.Listing.Splits.Select(split => split.Samples.Count)];
        return
        [
            .. facts.Listing.Splits.SelectMany(split => split.Samples.Select(sample => (Split: split.Name, Class: FolderOf(sample))))
                .GroupBy(sample => sample.Class, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select((group, id) => new ClassSummary(
                    group.Key, id, (double)group.Count() / totals.Sum(), group.Count(),
                    [.. splits.Select((split, s) => Share(group.Count(sample => sample.Split == split), totals[s]))])),
        ];

        static ClassShare Share(int count, int total) => new(total == 0 ? 0 : (double)count / total, count);
    }
}
