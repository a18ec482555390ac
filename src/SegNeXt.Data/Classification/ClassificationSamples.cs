using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Training samples of a classification data set, in batches whose pictures may grow over the run. Decoded pictures are
/// kept in memory while they fit.
/// </summary>
public sealed class ClassificationSamples : ITrainingSamples
{
    private readonly ClassificationTransform _transform;
    private readonly Func<long, (int Height, int Width)> _sizeAt;
    private readonly SampleCache<RgbImage> _cache;

    /// <summary>Describes the samples.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="transform">What is done to its pictures.</param>
    /// <param name="largest">The largest sides of any batch.</param>
    /// <param name="sizeAt">The sides of a batch, by the batches before it.</param>
    /// <param name="cacheBytes">Memory for decoded pictures, 0 for none.</param>
    public ClassificationSamples(
        IClassificationDataSet data, ClassificationTransform transform, (int Height, int Width) largest, Func<long, (int Height, int Width)> sizeAt, long cacheBytes = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(sizeAt);
        ArgumentOutOfRangeException.ThrowIfNegative(cacheBytes);
        Count = data.Count;
        Largest = new BatchShape(largest.Height, largest.Width, HasLabels: false);
        _transform = transform;
        _sizeAt = sizeAt;
        _cache = new SampleCache<RgbImage>(data.Count, index => data.Load(index).Image, static picture => picture.Pixels.LongLength, cacheBytes);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public BatchShape Largest { get; }

    /// <inheritdoc/>
    public BatchShape ShapeAt(long batch)
    {
        (int height, int width) = _sizeAt(batch);
        return new BatchShape(height, width, HasLabels: false);
    }

    /// <inheritdoc/>
    public void Make(int index, in BatchShape shape, ref SampleRandom random, Span<float> image, Span<byte> label) =>
        _transform.Apply(_cache.Load(index), shape.Height, shape.Width, ref random, image);
}
