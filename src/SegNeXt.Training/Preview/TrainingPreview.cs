using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>Shows what a run trains on: the samples come from the run's own loader, in its order.</summary>
public sealed class TrainingPreview
{
    private readonly RunConfig _config;
    private readonly ISegmentationDataSet _data;
    private readonly ModelConfig _model;
    private readonly TrainTransform _transform;

    /// <summary>Opens the split that is trained on.</summary>
    /// <param name="config">The run's configuration; its seed decides order and draws.</param>
    /// <exception cref="InputException">The data set cannot be opened.</exception>
    public TrainingPreview(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);

        // One sample at a time, since only a few are looked at; which ones, and their draws, do not depend on the batch.
        _config = config with { Train = config.Train with { Batch = 1, Workers = 1, CacheMegabytes = 0 } };
        _data = DataSets.Open(config.Data.Type.ToString(), config.Data.Root, config.Data.TrainSplit);
        _model = TrainingData.ModelConfigFor(config with { Model = config.Model with { Classes = null } }, _data.Classes);
        _transform = new TrainTransform(config.Train.ToAugmentation(_model));
    }

    /// <summary>The data set's classes.</summary>
    public ClassSet Classes => _data.Classes;

    /// <summary>Number of samples in the data set.</summary>
    public int Count => _data.Count;

    /// <summary>The first samples of the run.</summary>
    /// <param name="count">How many.</param>
    /// <param name="draws">Draws of each, at least 1.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="InputException">A sample cannot be loaded.</exception>
    public IEnumerable<PreviewSample> Samples(int count, int draws, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        using DataLoader loader = TrainingData.Loader(_config, _data, _model);
        for (int i = 0; i < count; i++)
        {
            Batch batch = loader.Next(cancellationToken);
            int index = batch.Indices[0];
            long position = batch.Positions[0];
            Sample original = _data.Load(index);

            // The same draw again, for what the batch does not tell.
            PreviewDraw first = Draw(original, Seeds.For(_config.Seed, "augment", position));
            List<PreviewDraw> all = [first with { Image = Denormalise(batch.Images), Label = new LabelMap(batch.Width, batch.Height, batch.Labels[..]) }];
            loader.Return(batch);
            for (int draw = 1; draw < draws; draw++)
            {
                all.Add(Draw(original, Seeds.For(_config.Seed, $"preview {draw}", position)));
            }

            yield return new PreviewSample(_data.Name(index), position, original, all);
        }
    }

    private PreviewDraw Draw(Sample sample, ulong seed)
    {
        int plane = _transform.Width * _transform.Height;
        float[] image = new float[3 * plane];
        LabelMap label = new(_transform.Width, _transform.Height);
        SampleRandom random = new(seed);
        _transform.Apply(sample, ref random, image, label.Ids, out AugmentationDraw drawn);
        return new PreviewDraw(Denormalise(image), label, drawn);
    }

    private RgbImage Denormalise(ReadOnlySpan<float> planes) => ClassificationPreview.Denormalise(planes, _transform.Height, _transform.Width, _model);
}
