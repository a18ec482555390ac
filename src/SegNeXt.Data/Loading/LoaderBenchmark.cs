using System.Diagnostics;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>What the loader is timed with.</summary>
/// <param name="Data">Where samples come from.</param>
/// <param name="Augmentation">What is done to them.</param>
/// <param name="Loader">Batch, threads and decoding; its cache is switched off and on by the benchmark.</param>
/// <param name="Samples">Samples of each repeat, about; whole batches are taken.</param>
/// <param name="Repeats">Repeats, of which the median counts.</param>
public sealed record LoaderBenchmarkOptions(
    ISegmentationDataSet Data, AugmentationOptions Augmentation, LoaderOptions Loader, int Samples = 200, int Repeats = 5);

/// <summary>How fast the loader is in one setting.</summary>
/// <param name="SamplesPerSecond">Ready samples a second, the median over the repeats.</param>
/// <param name="CpuMilliseconds">Processor time of a sample on all threads together, the median over the repeats.</param>
public sealed record LoaderSpeed(double SamplesPerSecond, double CpuMilliseconds);

/// <summary>What making one sample consists of: a step and its processor time on one thread, the median over the samples.</summary>
/// <param name="Name"><c>decode_image</c>, <c>decode_label</c>, <c>draw</c>, <c>resize</c>, <c>photometric</c> or <c>normalize</c>.</param>
/// <param name="Milliseconds">Time of the step.</param>
public sealed record LoaderStep(string Name, double Milliseconds);

/// <summary>What the loader benchmark found.</summary>
/// <param name="Decoding">Every sample decoded from its files.</param>
/// <param name="Cached">Every sample decoded before; null where they are too many for the cache.</param>
/// <param name="Steps">Where the time of a decoded sample goes.</param>
public sealed record LoaderBenchmarkResult(LoaderSpeed Decoding, LoaderSpeed? Cached, IReadOnlyList<LoaderStep> Steps);

/// <summary>Times the loader: files to batches that are ready for the network.</summary>
public static class LoaderBenchmark
{
    // With the cache: a large data set need not be decoded wholly to know how fast decoded samples are.
    private const int CachedSamples = 128;

    /// <summary>Runs the benchmark. Samples are made before anything counts, so that most files come from the system's memory.</summary>
    /// <param name="options">What with.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <exception cref="InputException">A sample cannot be loaded, or an option is out of range.</exception>
    public static LoaderBenchmarkResult Run(LoaderBenchmarkOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        TrainTransform transform = new(options.Augmentation);
        IReadOnlyList<LoaderStep> steps = TimeSteps(options, transform, cancellation);
        LoaderSpeed decoding = Time(options, transform, cacheBytes: 0, cancellation)!;
        return new LoaderBenchmarkResult(decoding, Time(options, transform, Math.Max(options.Loader.CacheBytes, 1), cancellation), steps);
    }

    private static LoaderSpeed? Time(LoaderBenchmarkOptions options, TrainTransform transform, long cacheBytes, CancellationToken cancellation)
    {
        bool cached = cacheBytes > 0;
        ISegmentationDataSet data = cached ? new FirstOf(options.Data, CachedSamples) : options.Data;
        using DataLoader loader = new(data, transform, options.Loader with { CacheBytes = cacheBytes, FastDecode = options.Loader.FastDecode && !cached });
        int batches = Math.Max(1, options.Samples / options.Loader.Batch);

        // With the cache everything is decoded once; without it, enough for the compiler to have done its work.
        int first = cached ? (data.Count / options.Loader.Batch) + options.Loader.Prefetch + 1 : Math.Max(2, 64 / options.Loader.Batch);
        Take(first);
        if (cached && loader.CachedSamples < data.Count)
        {
            return null;
        }

        List<double> rates = [];
        List<double> times = [];
        for (int repeat = 0; repeat < options.Repeats; repeat++)
        {
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            Take(batches);
            int samples = batches * options.Loader.Batch;
            rates.Add(samples / Stopwatch.GetElapsedTime(start).TotalSeconds);
            times.Add((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / samples);
        }

        return new LoaderSpeed(Median(rates), Median(times));

        void Take(int count)
        {
            for (int i = 0; i < count; i++)
            {
                loader.Return(loader.Next(cancellation));
            }
        }
    }

    /// <summary>One thread, one sample after the other: processor time, which a neighbour on the machine does not change much.</summary>
    private static LoaderStep[] TimeSteps(LoaderBenchmarkOptions options, TrainTransform transform, CancellationToken cancellation)
    {
        string[] names = ["decode_image", "decode_label", "draw", "resize", "photometric", "normalize"];
        List<double>[] times = [.. names.Select(_ => new List<double>())];
        float[] image = new float[3 * transform.Height * transform.Width];
        byte[] label = new byte[transform.Height * transform.Width];
        byte[] pixels = new byte[3 * transform.Height * transform.Width];
        int warmup = Math.Min(32, options.Samples);
        for (int i = -warmup; i < options.Samples; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int index = (i + warmup) % options.Data.Count;
            SampleRandom random = new(Seeds.For(options.Loader.Seed, "augment", i));
            TimeSpan last = Environment.CpuUsage.TotalTime;
            LabelMap truth = options.Data.LoadLabel(index);
            Lap(1);
            ResizedLabels labels = transform.Draw(truth, ref random, out AugmentationDraw drawn);
            Lap(2);
            RgbImage picture = options.Data.LoadImage(index, options.Loader.FastDecode ? drawn.Reduction(truth) : 1);
            Lap(0);
            Span<byte> cut = TrainTransform.Resize(picture, drawn, pixels);
            Lap(3);
            TrainTransform.Color(cut, drawn);
            Lap(4);
            transform.Store(cut, labels, drawn, image, label);
            Lap(5);

            void Lap(int which)
            {
                TimeSpan now = Environment.CpuUsage.TotalTime;
                if (i >= 0)
                {
                    times[which].Add((now - last).TotalMilliseconds);
                }

                last = now;
            }
        }

        return [.. names.Select((name, n) => new LoaderStep(name, Median(times[n])))];
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The beginning of a data set.</summary>
    private sealed class FirstOf(ISegmentationDataSet data, int count) : ISegmentationDataSet
    {
        public ClassSet Classes => data.Classes;

        public int Count => Math.Min(count, data.Count);

        public string Name(int index) => data.Name(index);

        public (string Image, string Label) Paths(int index) => data.Paths(index);

        public Sample Load(int index) => data.Load(index);
    }
}
