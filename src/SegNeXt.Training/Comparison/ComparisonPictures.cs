using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>
/// Keeps a few pictures of a split while one model after another is evaluated on it: spread evenly, so that no model and no result
/// chooses them, and small, so that memory does not depend on their size.
/// </summary>
public sealed class ComparisonPictures
{
    private readonly ISegmentationDataSet _data;
    private readonly SortedDictionary<int, List<EvaluationSample>> _kept;

    /// <summary>Chooses the pictures.</summary>
    /// <param name="data">The split.</param>
    /// <param name="count">How many, at least 0; all of them where the split has fewer.</param>
    public ComparisonPictures(ISegmentationDataSet data, int count)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _data = data;
        count = Math.Min(count, data.Count);
        _kept = new SortedDictionary<int, List<EvaluationSample>>(
            Enumerable.Range(0, count).ToDictionary(i => (int)((i + 0.5) * data.Count / count), _ => new List<EvaluationSample>()));
    }

    /// <summary>Looks at one picture of one model's evaluation; models come one after another.</summary>
    /// <param name="index">Its index in the split.</param>
    /// <param name="sample">Picture and truth.</param>
    /// <param name="prediction">What was predicted, of the picture's size.</param>
    public void Take(int index, Sample sample, LabelMap prediction)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(prediction);
        if (_kept.TryGetValue(index, out List<EvaluationSample>? samples))
        {
            samples.Add(EvaluationSample.Create(_data.Name(index), ImageScore.Of(prediction, sample.Label), sample, prediction));
        }
    }

    /// <summary>The pictures that every model could segment.</summary>
    /// <param name="models">Number of models.</param>
    public IReadOnlyList<ComparedPicture> Of(int models) =>
    [
        .. _kept.Values.Where(samples => samples.Count == models && models > 0).Select(samples => new ComparedPicture(
            samples[0].Name, samples[0].Image, samples[0].Truth,
            [.. samples.Select(sample => sample.Prediction)], [.. samples.Select(sample => sample.Score.MeanIoU)])),
    ];
}
