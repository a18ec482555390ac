using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>The outcome of an evaluation.</summary>
/// <param name="Confusion">Counts over all labelled pixels.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Seconds">Time it took.</param>
public sealed record EvaluationResult(ConfusionMatrix Confusion, int Images, double Seconds)
{
    /// <summary>The figures.</summary>
    public SegmentationMetrics Metrics { get; } = Confusion.Compute();
}

/// <summary>Segments a data set and counts; memory does not grow with the number of images.</summary>
public static class Evaluator
{
    /// <summary>Evaluates.</summary>
    /// <param name="segmenter">The network with its test-time strategy.</param>
    /// <param name="data">Images and labels; one image is read ahead while the network works.</param>
    /// <param name="onImage">Called after each image with its index, the sample and the prediction; may be null.</param>
    /// <param name="cancellation">Ends the evaluation between two images.</param>
    /// <exception cref="InputException">An image or label cannot be used.</exception>
    public static EvaluationResult Run(
        TestTimeSegmenter segmenter,
        ISegmentationDataSet data,
        Action<int, Sample, LabelMap>? onImage,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(data);
        long start = Stopwatch.GetTimestamp();
        ConfusionMatrix confusion = new(data.Classes.Count);
        Task<Sample>? next = LoadAhead(data, 0);
        for (int i = 0; i < data.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Sample sample = next!.GetAwaiter().GetResult();
            next = LoadAhead(data, i + 1);
            LabelMap prediction = segmenter.Predict(sample.Image, PredictOutputs.Ids, cancellation).Ids!;
            confusion.Add(prediction, sample.Label);
            onImage?.Invoke(i, sample, prediction);
        }

        return new EvaluationResult(confusion, data.Count, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static Task<Sample>? LoadAhead(ISegmentationDataSet data, int index) =>
        index < data.Count ? Task.Run(() => data.Load(index)) : null;
}
