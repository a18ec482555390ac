using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Lists a data set of a layout of its own, by its own reader.</summary>
internal static class KnownListing
{
    /// <summary>The listing; a split that cannot be opened has its fault in place of samples.</summary>
    public static DataSetListing Create(string root, DoctorOptions options)
    {
        ClassSet? classes = null;
        List<ListedSplit> splits = [];
        foreach (string name in new[] { options.TrainSplit, options.ValSplit }.Distinct(StringComparer.Ordinal))
        {
            try
            {
                ISegmentationDataSet data = DataSets.Open(options.Type, root, name);
                classes ??= data.Classes;
                splits.Add(new ListedSplit { Name = name, Samples = [.. Enumerable.Range(0, data.Count).Select(i => Sample(data, i))] });
            }
            catch (InputException error)
            {
                splits.Add(new ListedSplit { Name = name, Fault = error.Message });
            }
        }

        return new DataSetListing { Root = root, Kind = ListingKind.Known, Splits = splits, Classes = classes };
    }

    private static ListedSample Sample(ISegmentationDataSet data, int index)
    {
        (string image, string label) = data.Paths(index);
        return new ListedSample(data.Name(index), image, label, data.Mapping(index));
    }
}
