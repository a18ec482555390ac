using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Kernels;
using SegNeXt.Training;
using static System.FormattableString;

namespace SegNeXt.Cli;

/// <summary>
/// <c>segnext bench</c> of a network: how long it takes, alone and from a file's bytes to class ids, and how near that is
/// to what the machine's multipliers allow.
/// </summary>
internal sealed class NetworkBench
{
    private const int DefaultClasses = 150;

    // The paper's real-time setting, 25 frames a second on an RTX 3090 (Section 4.4).
    private const int DeviceHeight = 768, DeviceWidth = 1536;

    private readonly Option<string?> _weights = Opt.Text("--weights", "W", "The network: a .safetensors or official .pth file; --model with random weights unless said otherwise");
    private readonly Option<int?> _runs = Opt.Whole("--runs", "Runs that count; as many as 4 s hold, 7 at least, unless said otherwise", 1, 100000);

    private readonly Option<bool> _graph = Opt.Switch("--cuda-graph", "On a GPU: record the pass as a CUDA graph and replay it");
    private readonly Option<bool> _sweep = Opt.Switch("--sweep", "Time every number format that the device has, on a GPU with a CUDA graph and without; what --device cuda does unless told one");

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_weights);
        command.Add(_runs);
        command.Add(_graph);
        command.Add(_sweep);
    }

    /// <summary>Whether the line has options of this benchmark.</summary>
    /// <param name="parse">The parsed line.</param>
    public bool IsGiven(ParseResult parse) =>
        parse.GetValue(_weights) is not null || parse.GetValue(_runs) is not null || parse.GetValue(_graph) || parse.GetValue(_sweep);

    /// <summary>Runs the benchmark and shows what it found.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <param name="model">Size of a model with random weights, or null.</param>
    /// <param name="classes">Its classes, or null.</param>
    /// <param name="variant">Its variant.</param>
    /// <param name="size">Size of the picture, or null.</param>
    /// <param name="engine">What runs the network.</param>
    /// <param name="json">Where the figures go.</param>
    /// <param name="terminal">Where progress goes.</param>
    /// <exception cref="InputException">The options contradict each other, or something is unusable.</exception>
    public int Run(ParseResult parse, string? model, int? classes, VariantArguments variant, ImageSize? size, EngineArguments engine, JsonOutput json, Terminal terminal)
    {
        json.Check(parse);
        engine.Check(parse);
        string? weights = parse.GetValue(_weights);
        if (weights is not null && (model is not null ? "--model" : classes is not null ? "--classes" : variant.Given(parse)) is { } given)
        {
            throw new InputException($"{given} and --weights exclude each other: the file says what the model is.");
        }

        bool isOnDevice = engine.Device(parse) != "cpu";
        ImageSize picture = size ?? (isOnDevice ? new ImageSize(DeviceHeight, DeviceWidth) : new ImageSize(512, 512));
        ITensorSource Source() => weights is null ? new RandomWeights(variant.Apply(parse, ModelConfig.Preset(model ?? "t", classes ?? DefaultClasses))) : TensorFiles.Open(weights);
        bool graph = parse.GetValue(_graph);
        if (parse.GetValue(_sweep) || (isOnDevice && !graph && !engine.IsPrecisionGiven(parse)))
        {
            if (graph || engine.IsPrecisionGiven(parse))
            {
                throw new InputException("--sweep times every format, with and without a CUDA graph: give it without --precision and --cuda-graph.");
            }

            return new SweepBench(parse, engine, Source, picture, parse.GetValue(_runs), terminal).Run(json);
        }

        if (isOnDevice)
        {
            CudaSettings.ForOneSize();
        }

        ModelConfig? config = null;
        long? planned = null;
        NetworkTimes times = NetworkBenchmark.Run(
            () =>
            {
                ISegmenter segmenter = engine.Open(parse, Source(), terminal, engine.Options(parse) with { Recorded = graph });
                config = segmenter.Config;
                planned = (segmenter as FittingSegmenter)?.WorkingMemoryFor(picture.Width, picture.Height);
                return segmenter;
            },
            NetworkBenchmark.Picture(picture.Height, picture.Width),
            parse.GetValue(_runs),
            terminal.Cancellation);

        // The peak is the CPU's; a GPU is not held against it.
        double peak = !isOnDevice ? FmaPeak.Measure(ThreadCount.Resolve(engine.Threads(parse))) : double.NaN;
        Figures figures = new(times, ModelComplexity.Count(config!, picture.Height, picture.Width).ProductMultiplyAdds, peak, planned);
        json.Present(
            parse,
            terminal,
            writer => Write(writer, figures, isOnDevice),
            onError => Show(onError ? terminal.Error : terminal.Output, figures, $"{ModelTitle.Of(config!)}, {picture}"));
        return ExitCode.Done;
    }

    private static void Write(Utf8JsonWriter json, Figures figures, bool isOnDevice)
    {
        json.WriteStartObject();
        WriteTiming(json, "network", figures.Times.Network);
        WriteTiming(json, "end_to_end", figures.Times.EndToEnd);
        JsonOutput.WriteNumber(json, "images_per_second", figures.ImagesPerSecond);
        json.WriteNumber("peak_memory_mb", figures.PeakMemoryMegabytes);
        JsonOutput.WriteNumber(json, "fma_peak_gflops", figures.Peak / 1e9);
        JsonOutput.WriteNumber(json, "floor_ms", figures.FloorMs);
        JsonOutput.WriteNumber(json, "share_of_peak", figures.ShareOfPeak);
        if (isOnDevice)
        {
            JsonOutput.WriteNumber(json, "device_memory_mb", figures.Times.DevicePeakBytes / 1048576.0 ?? double.NaN);
            json.WriteString("timed_by", figures.Times.IsByEvents ? "events" : "clock");
        }

        json.WriteEndObject();
    }

    internal static void WriteTiming(Utf8JsonWriter json, string name, Timing? timing)
    {
        json.WriteStartObject(name);
        JsonOutput.WriteNumber(json, "median_ms", timing?.MedianMs ?? double.NaN);
        JsonOutput.WriteNumber(json, "p95_ms", timing?.P95Ms ?? double.NaN);
        json.WriteEndObject();
    }

    private static void Show(TextWriter output, Figures figures, string title)
    {
        void Line(string name, FormattableString text) => output.WriteLine($"  {name,-20}{text.ToString(CultureInfo.InvariantCulture)}");

        output.WriteLine(title);
        Line("network", $"{figures.Times.Network.MedianMs,8:0.0} ms, 95 % within {figures.Times.Network.P95Ms:0.0}");
        if (figures.Times.EndToEnd is { } endToEnd)
        {
            Line("JPEG to class ids", $"{endToEnd.MedianMs,8:0.0} ms, 95 % within {endToEnd.P95Ms:0.0}; {figures.ImagesPerSecond:0.0} images a second");
        }
        else
        {
            output.WriteLine("  JPEG to class ids   not timed: there is no libjpeg-turbo here, or the picture is too large for JPEG");
        }

        if (double.IsFinite(figures.Peak))
        {
            Line("floor", $"{figures.FloorMs,8:0.0} ms: {figures.MultiplyAdds / 1e9:0.00} G multiply-adds, at the {figures.Peak / 1e9:0} GFLOP/s that this machine's threads do at most");
            Line("share of the peak", $"{100 * figures.ShareOfPeak,8:0.0} %");
        }

        if (figures.Times.DevicePeakBytes is { } onDevice)
        {
            Line("GPU memory", $"{onDevice / 1048576.0,8:0} MB of libtorch's, weights left out");
        }

        Line("peak memory", $"{figures.PeakMemoryMegabytes,8:0} MB, the program itself included{(figures.Planned is { } bytes ? Invariant($"; the network's maps {bytes / 1048576.0:0.0} MB") : "")}");
    }

    /// <summary>What was measured and what follows from it.</summary>
    /// <param name="Times">The measured times.</param>
    /// <param name="MultiplyAdds">Those of products alone, which no engine can fold away.</param>
    /// <param name="Peak">Floating-point operations a second, two a multiply-add; NaN where there is nothing to hold against.</param>
    /// <param name="Planned">Bytes of maps that the engine plans, where it tells.</param>
    private sealed record Figures(NetworkTimes Times, long MultiplyAdds, double Peak, long? Planned)
    {
        public double ImagesPerSecond => 1e3 / (Times.EndToEnd?.MedianMs ?? double.NaN);

        public double PeakMemoryMegabytes => Math.Round(Times.PeakMemoryBytes / 1048576.0, 1);

        public double FloorMs => 2e3 * MultiplyAdds / Peak;

        public double ShareOfPeak => FloorMs / Times.Network.MedianMs;
    }
}
