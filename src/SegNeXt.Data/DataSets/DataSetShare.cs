using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>One share of a labelled data set, in the data set's order.</summary>
/// <param name="data">All of it.</param>
/// <param name="shard">Which share.</param>
public sealed class DataSetShare(ISegmentationDataSet data, Shard shard) : ISegmentationDataSet
{
    /// <inheritdoc/>
    public ClassSet Classes => data.Classes;

    /// <inheritdoc/>
    public int Count => shard.LengthOf(data.Count);

    /// <inheritdoc/>
    public string Name(int index) => data.Name(shard.IndexOf(index));

    /// <inheritdoc/>
    public (string Image, string Label) Paths(int index) => data.Paths(shard.IndexOf(index));

    /// <inheritdoc/>
    public Sample Load(int index) => data.Load(shard.IndexOf(index));

    /// <inheritdoc/>
    public LabelMap LoadLabel(int index) => data.LoadLabel(shard.IndexOf(index));

    /// <inheritdoc/>
    public RgbImage LoadImage(int index, int reduction = 1) => data.LoadImage(shard.IndexOf(index), reduction);

    /// <inheritdoc/>
    public LabelMapping Mapping(int index) => data.Mapping(shard.IndexOf(index));
}

/// <summary>One share of a data set of classified pictures, in the data set's order.</summary>
/// <param name="data">All of it.</param>
/// <param name="shard">Which share.</param>
public sealed class ClassificationDataSetShare(IClassificationDataSet data, Shard shard) : IClassificationDataSet
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => data.Classes;

    /// <inheritdoc/>
    public int Count => shard.LengthOf(data.Count);

    /// <inheritdoc/>
    public string Name(int index) => data.Name(shard.IndexOf(index));

    /// <inheritdoc/>
    public string Path(int index) => data.Path(shard.IndexOf(index));

    /// <inheritdoc/>
    public int ClassOf(int index) => data.ClassOf(shard.IndexOf(index));

    /// <inheritdoc/>
    public ClassifiedImage Load(int index) => data.Load(shard.IndexOf(index));
}
