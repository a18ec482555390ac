using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>The outcome of an evaluation.</summary>
/// <param name="Confusion">Counts over all labelled pixels.</param>
/// <param name="Images">Number of images that were counted.</param>
/// <param name="Seconds">Time it took.</param>
public sealed record EvaluationResult(ConfusionMatrix Confusion, int Images, double Seconds) : EvaluationOutcome(Images, Seconds)
{
    /// <summary>The figures.</summary>
    public SegmentationMetrics Metrics { get; } = Confusion.Compute();

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Value)> Figures => [("mIoU", Metrics.MIoU), ("aAcc", Metrics.AAcc), ("mAcc", Metrics.MAcc)];
}

/// <summary>Segments a data set and counts; memory does not grow with the number of images.</summary>
public static class Evaluator
{
    /// <summary>Evaluates.</summary>
    /// <param name="segmenter">The network with its test-time strategy.</param>
    /// <param name="data">Images and labels; one image is read ahead while the network works.</param>
    /// <param name="onImage">Called after each image with its index, the sample and the prediction; may be null.</param>
    /// <param name="cancellation">Ends the evaluation between two images.</param>
    /// <param name="onFault">Called for each image or label that cannot be used, the others being counted; null to end there.</param>
    /// <exception cref="InputException">An image or label cannot be used, and <paramref name="onFault"/> is null.</exception>
    public static EvaluationResult Run(
        TestTimeSegmenter segmenter,
        ISegmentationDataSet data,
        Action<int, Sample, LabelMap>? onImage,
        CancellationToken cancellation,
        Action<int, InputException>? onFault = null)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(data);
        long start = Stopwatch.GetTimestamp();
        ConfusionMatrix confusion = new(data.Classes.Count);
        int counted = 0;
        Task<Sample>? next = LoadAhead(data, 0);
        for (int i = 0; i < data.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Task<Sample> loading = next!;
            Sample sample;
            LabelMap prediction;
            try
            {
                sample = loading.GetAwaiter().GetResult();
                next = LoadAhead(data, i + 1);
                prediction = Predict(segmenter, sample.Image, data.Paths(i).Image, cancellation);
            }
            catch (InputException fault) when (onFault is not null)
            {
                if (ReferenceEquals(next, loading))
                {
                    next = LoadAhead(data, i + 1);
                }

                onFault(i, fault);
                continue;
            }

            confusion.Add(prediction, sample.Label);
            counted++;
            onImage?.Invoke(i, sample, prediction);
        }

        return new EvaluationResult(confusion, counted, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static LabelMap Predict(TestTimeSegmenter segmenter, RgbImage image, string path, CancellationToken cancellation)
    {
        try
        {
            return segmenter.Predict(image, PredictOutputs.Ids, cancellation).Ids!;
        }
        catch (Exception error) when (PictureFault.Of(error, path) is { } fault)
        {
            throw fault;
        }
    }

    private static Task<Sample>? LoadAhead(ISegmentationDataSet data, int index) =>
        index < data.Count ? Task.Run(() => data.Load(index)) : null;
}
