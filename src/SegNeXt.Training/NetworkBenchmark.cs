using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>What a network was found to need for one picture.</summary>
/// <param name="Network">8-bit pixels to logits at an eighth of the size.</param>
/// <param name="EndToEnd">The bytes of a JPEG file to class ids at its size; null where there is no libjpeg-turbo.</param>
/// <param name="PeakMemoryBytes">The most that the process held at once meanwhile, the program itself included.</param>
public sealed record NetworkTimes(Timing Network, Timing? EndToEnd, long PeakMemoryBytes)
{
    /// <summary>
    /// On a GPU, what libtorch had of its memory at most; there <see cref="Network"/> begins with the picture in that memory.
    /// </summary>
    public long? DevicePeakBytes { get; init; }

    /// <summary>Whether the network was timed by the device's own clock.</summary>
    public bool IsByEvents { get; init; }
}

/// <summary>Times a network on a rendered street, either engine's.</summary>
public static class NetworkBenchmark
{
    /// <summary>Rendering takes long; what is larger repeats itself in mirror images, as detailed as a photograph everywhere.</summary>
    private const int LongestRendered = 1024;

    private const int LeastRendered = 32;
    private const int JpegQuality = 90;

    // Unless a number of runs is given: a moment of warming up, then until the median is steady or patience ends.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan s_enough = TimeSpan.FromSeconds(4);
    private const int LeastRuns = 7;
    private const int MostRuns = 400;

    /// <summary>A street of any size.</summary>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <exception cref="InputException">It is too large for one array.</exception>
    public static RgbImage Picture(int height, int width)
    {
        if (3L * height * width > Array.MaxLength)
        {
            throw new InputException($"A picture of {width}×{height} pixels is too large for this program.");
        }

        RgbImage tile = StreetScenes.Render(1, Math.Clamp(width, LeastRendered, LongestRendered), Math.Clamp(height, LeastRendered, LongestRendered)).Image;
        if (tile.Width == width && tile.Height == height)
        {
            return tile;
        }

        RgbImage picture = new(width, height);
        for (int y = 0; y < height; y++)
        {
            int row = Mirrored(y, tile.Height) * tile.Width;
            for (int x = 0; x < width; x++)
            {
                tile.Pixels.AsSpan(3 * (row + Mirrored(x, tile.Width)), 3).CopyTo(picture.Pixels.AsSpan(3 * ((y * width) + x)));
            }
        }

        return picture;

        static int Mirrored(int at, int side) => at / side % 2 == 0 ? at % side : side - 1 - (at % side);
    }

    /// <summary>Runs the benchmark.</summary>
    /// <param name="open">Opens the network; its memory counts, what was before does not. The result is disposed.</param>
    /// <param name="picture">What it is shown.</param>
    /// <param name="runs">Runs that count of each of the two, or null for as many as a steady median takes.</param>
    /// <param name="cancellation">Ends the work between two runs.</param>
    public static NetworkTimes Run(Func<ISegmenter> open, RgbImage picture, int? runs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(picture);
        byte[]? jpeg = ImageLibrary.TurboJpeg.IsAvailable && Math.Max(picture.Width, picture.Height) <= JpegWriter.MaxEdge
            ? JpegWriter.Encode(picture, JpegQuality)
            : null;
        PeakMemory.Reset();
        using ISegmenter segmenter = open();
        if (segmenter is TorchSegmenter { Device.IsCuda: true } gpu)
        {
            return OnDevice(gpu, picture, jpeg, runs, cancellation);
        }

        Timing network = Time(() => segmenter.Forward(picture), runs, cancellation);
        return new NetworkTimes(network, EndToEnd(segmenter, jpeg, runs, cancellation), PeakMemory.Bytes());
    }

    /// <summary>Times the pass by itself, between two events, and all of it as its user waits for it.</summary>
    internal static NetworkTimes OnDevice(TorchSegmenter segmenter, RgbImage picture, byte[]? jpeg, int? runs, CancellationToken cancellation)
    {
        using MemoryMeter meter = new();
        bool byEvents = false;
        Action pass = segmenter.Network(picture);
        Timing network = Time(
            () =>
            {
                using DeviceStopwatch watch = new(segmenter.Device);
                pass();
                double milliseconds = watch.Stop();
                byEvents = watch.IsByEvents;
                return milliseconds;
            },
            runs,
            cancellation);
        Timing? endToEnd = EndToEnd(segmenter, jpeg, runs, cancellation);
        return new NetworkTimes(network, endToEnd, PeakMemory.Bytes()) { DevicePeakBytes = meter.PeakBytes(segmenter.Device.Type), IsByEvents = byEvents };
    }

    private static Timing? EndToEnd(ISegmenter segmenter, byte[]? jpeg, int? runs, CancellationToken cancellation) =>
        jpeg is null ? null : Time(() => segmenter.Segment(ImageFile.ReadRgb(jpeg, "the benchmark's picture")), runs, cancellation);

    private static Timing Time(Action action, int? runs, CancellationToken cancellation) => Time(
        () =>
        {
            long start = Stopwatch.GetTimestamp();
            action();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        },
        runs,
        cancellation);

    private static Timing Time(Func<double> run, int? runs, CancellationToken cancellation)
    {
        List<double> times = [];
        long begin = Stopwatch.GetTimestamp();
        do
        {
            cancellation.ThrowIfCancellationRequested();
            run();
        }
        while (Stopwatch.GetElapsedTime(begin) < s_warmUp);

        begin = Stopwatch.GetTimestamp();
        while (runs is { } wanted ? times.Count < wanted : times.Count < LeastRuns || (times.Count < MostRuns && Stopwatch.GetElapsedTime(begin) < s_enough))
        {
            cancellation.ThrowIfCancellationRequested();
            times.Add(run());
        }

        return Timing.Of(times);
    }
}
