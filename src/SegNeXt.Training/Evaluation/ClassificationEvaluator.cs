using System.Diagnostics;
using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>How a classifier is tested.</summary>
/// <param name="Height">Rows that the network gets.</param>
/// <param name="Width">Columns that the network gets.</param>
/// <param name="CropRatio">Share of the resized picture's shorter side that is seen, above 0 and at most 1.</param>
/// <param name="Flip">Whether scores are averaged with those of the mirrored picture.</param>
/// <param name="Batch">Pictures at a time.</param>
public sealed record ClassificationTest(int Height, int Width, double CropRatio = 0.875, bool Flip = false, int Batch = 32)
{
    private const string SizeKey = "test_size";
    private const string CropKey = "test_crop_ratio";
    private const int ImageNetSide = 224;

    /// <summary>How the weights of a file are tested: as its metadata say, or at 224 of 256 as ImageNet's mostly are.</summary>
    /// <param name="metadata">The file's metadata.</param>
    public static ClassificationTest Of(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ImageSize size = metadata.TryGetValue(SizeKey, out string? text) && ImageSize.TryParse(text, out ImageSize found) ? found : new(ImageNetSide, ImageNetSide);
        bool known = metadata.TryGetValue(CropKey, out string? ratio) & double.TryParse(ratio, CultureInfo.InvariantCulture, out double crop) && crop is > 0 and <= 1;
        return known ? new ClassificationTest(size.Height, size.Width, crop) : new ClassificationTest(size.Height, size.Width);
    }

    /// <summary>The same as metadata.</summary>
    internal Dictionary<string, string> ToMetadata() => new(StringComparer.Ordinal)
    {
        [SizeKey] = new ImageSize(Height, Width).ToString(),
        [CropKey] = CropRatio.ToString("R", CultureInfo.InvariantCulture),
    };
}

/// <summary>Classifies a data set and counts; memory does not grow with the number of images.</summary>
public static class ClassificationEvaluator
{
    private const int Most = 5;

    /// <summary>Evaluates.</summary>
    /// <param name="model">A classifier; it is left in the mode in which it was.</param>
    /// <param name="device">Where it is.</param>
    /// <param name="data">The pictures; the next batch is read while the network works.</param>
    /// <param name="test">How.</param>
    /// <param name="onImages">Called after each batch with the number of its pictures; may be null.</param>
    /// <param name="cancellation">Ends the evaluation between two batches.</param>
    /// <param name="onFault">Called for each picture that cannot be used, the others being counted; null to end there.</param>
    /// <param name="precision">Number format of the network's products.</param>
    /// <exception cref="InputException">A picture cannot be used, and <paramref name="onFault"/> is null.</exception>
    public static ClassificationResult Run(
        Network model,
        Device device,
        IClassificationDataSet data,
        ClassificationTest test,
        Action<int>? onImages,
        CancellationToken cancellation,
        Action<int, InputException>? onFault = null,
        Precision precision = Precision.Fp32)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(test);
        long start = Stopwatch.GetTimestamp();
        int classes = model.Config.NumClasses;
        ConfusionMatrix? confusion = classes < LabelMap.Ignore ? new ConfusionMatrix(classes) : null;
        ClassificationTransform transform = new(new ClassificationAugmentation { Mean = model.Config.Mean, Std = model.Config.Std });
        bool training = model.Training;
        model.Eval();
        try
        {
            int counted = 0, first = 0, five = 0;
            Task<LoadedPictures> next = Load(0);
            for (int at = 0; at < data.Count; at += test.Batch)
            {
                cancellation.ThrowIfCancellationRequested();
                LoadedPictures loaded = next.GetAwaiter().GetResult();
                next = Load(at + test.Batch);
                foreach ((int index, InputException fault) in loaded.Faults)
                {
                    (onFault ?? throw fault)(index, fault);
                }

                int count = loaded.Classes.Count;
                if (count > 0)
                {
                    float[] scores = Scores(model, device, precision, loaded.Planes, count, test);
                    for (int i = 0; i < count; i++)
                    {
                        ReadOnlySpan<float> row = scores.AsSpan(i * classes, classes);
                        int rank = Rank(row, loaded.Classes[i]);
                        first += rank == 0 ? 1 : 0;
                        five += rank < Most ? 1 : 0;
                        confusion?.Add(One(Best(row)), One(loaded.Classes[i]));
                    }
                }

                counted += count;
                onImages?.Invoke(Math.Min(test.Batch, data.Count - at));
            }

            double images = counted;
            return new ClassificationResult(first / images, five / images, confusion, counted, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        finally
        {
            model.Train(training);
        }

        Task<LoadedPictures> Load(int at) => Task.Run(() => LoadedPictures.Read(data, transform, test, at, Math.Min(test.Batch, data.Count - at)), cancellation);
    }

    /// <summary>How many classes have a higher score; of equals, those of a lower index.</summary>
    internal static int Rank(ReadOnlySpan<float> scores, int index)
    {
        int rank = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            rank += scores[i] > scores[index] || (scores[i] == scores[index] && i < index) ? 1 : 0;
        }

        return rank;
    }

    private static int Best(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }

        return best;
    }

    private static LabelMap One(int id) => new(1, 1, [(byte)id]);

    private static float[] Scores(Network model, Device device, Precision precision, float[] planes, int count, ClassificationTest test)
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        using AutocastScope format = precision.Enter(device);
        Tensor x = Tensor.FromArray<float>(planes.AsSpan(0, count * 3 * test.Height * test.Width), [count, 3, test.Height, test.Width], device).To(MemoryFormat.ChannelsLast);
        Tensor logits = model.Forward(x);
        if (test.Flip)
        {
            logits = logits.Softmax(1) + model.Forward(x.Flip(3)).Softmax(1);
        }

        return logits.To(ScalarType.Float32).To(Device.Cpu).Contiguous().ToArray<float>();
    }

    private sealed record LoadedPictures(float[] Planes, List<int> Classes, List<(int Index, InputException Fault)> Faults)
    {
        public static LoadedPictures Read(IClassificationDataSet data, ClassificationTransform transform, ClassificationTest test, int at, int count)
        {
            int size = 3 * test.Height * test.Width;
            LoadedPictures result = new(new float[Math.Max(count, 0) * size], [], []);
            for (int index = at; index < at + count; index++)
            {
                try
                {
                    (RgbImage picture, int id) = data.Load(index);
                    transform.Centre(picture, test.Height, test.Width, test.CropRatio, result.Planes.AsSpan(result.Classes.Count * size, size));
                    result.Classes.Add(id);
                }
                catch (InputException fault)
                {
                    result.Faults.Add((index, fault));
                }
            }

            return result;
        }
    }
}
