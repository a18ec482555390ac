namespace SegNeXt.Data;

/// <summary>Training samples of a segmentation data set: the recipe's transform over decoded samples, which are kept while they fit.</summary>
internal sealed class SegmentationSamples : ITrainingSamples
{
    private readonly ISegmentationDataSet _data;
    private readonly TrainTransform _transform;
    private readonly SampleCache<Sample> _cache;
    private readonly bool _fastDecode;

    public SegmentationSamples(ISegmentationDataSet data, TrainTransform transform, LoaderOptions options)
    {
        _data = data;
        _transform = transform;
        _fastDecode = options.FastDecode;
        _cache = new SampleCache<Sample>(data.Count, data.Load, static sample => sample.Image.Pixels.LongLength + sample.Label.Ids.LongLength, options.CacheBytes);
        Largest = new BatchShape(transform.Height, transform.Width, HasLabels: true);
    }

    public int Count => _data.Count;

    public BatchShape Largest { get; }

    /// <summary>Decoded samples in memory.</summary>
    public int Cached => _cache.Count;

    public BatchShape ShapeAt(long batch) => Largest;

    public void Make(int index, in BatchShape shape, ref SampleRandom random, Span<float> image, Span<byte> label)
    {
        if (_fastDecode)
        {
            _transform.ApplyReduced(_data, index, ref random, image, label);
        }
        else
        {
            _transform.Apply(_cache.Load(index), ref random, image, label);
        }
    }
}
