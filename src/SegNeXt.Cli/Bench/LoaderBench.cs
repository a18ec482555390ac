using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>
/// <c>segnext bench --loader</c>: files to batches that are ready for the network, decoded each time and from the cache.
/// Without a data set, on rendered streets of ADE20K's mean size with the paper's augmentation.
/// </summary>
internal sealed class LoaderBench
{
    private const int Pictures = 24;
    private const int PictureWidth = 683;
    private const int PictureHeight = 512;
    private const int JpegQuality = 90;
    private const int DefaultSamples = 200;
    private const int Repeats = 5;

    private readonly DataArguments _data = new();
    private readonly Option<int?> _workers = Opt.Whole("--workers", "With --loader: threads; one per core, at most 8, unless said otherwise", 1, 1024);
    private readonly Option<int?> _samples = Opt.Whole("--samples", $"With --loader: samples of each of {Repeats} repeats; {DefaultSamples} unless said otherwise", 1, 1000000);

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _data.AddTo(command);
        command.Add(_workers);
        command.Add(_samples);
    }

    /// <summary>Whether the line has options of this benchmark.</summary>
    /// <param name="parse">The parsed line.</param>
    public bool IsGiven(ParseResult parse) => _data.IsGiven(parse) || parse.GetValue(_workers) is not null || parse.GetValue(_samples) is not null;

    /// <summary>Runs the benchmark and shows what it found.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <param name="batch">Samples a batch, or null for the configuration's.</param>
    /// <param name="crop">Size of the crop, or null for the configuration's.</param>
    /// <param name="json">Where the figures go.</param>
    /// <param name="terminal">Where progress goes.</param>
    public int Run(ParseResult parse, int? batch, ImageSize? crop, JsonOutput json, Terminal terminal)
    {
        List<string> sets = [];
        if (batch is { } count)
        {
            sets.Add(string.Create(CultureInfo.InvariantCulture, $"train.batch={count}"));
        }

        if (crop is { } size)
        {
            sets.Add($"train.crop={size}");
        }

        if (_data.IsRooted(parse))
        {
            return Run(parse, _data.Read(parse, [.. sets]), json, terminal);
        }

        string folder = Directory.CreateTempSubdirectory("segnext-bench-").FullName;
        try
        {
            Render(folder, terminal);
            return Run(parse, RunConfig.FromOptions(folder, "t", ["train.resize=2048x512", .. _data.Sets(parse), .. sets]), json, terminal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private int Run(ParseResult parse, RunConfig config, JsonOutput json, Terminal terminal)
    {
        ISegmentationDataSet data = DataSets.Open(config.Data.Type.ToString(), config.Data.Root, config.Data.TrainSplit);
        LoaderOptions loader = new()
        {
            Batch = config.Train.Batch,
            Workers = parse.GetValue(_workers) ?? config.Train.Workers,
            Seed = config.Seed,
            CacheBytes = (long)config.Train.CacheMegabytes << 20,
            FastDecode = config.Train.FastDecode,
        };
        AugmentationOptions augmentation = config.Train.ToAugmentation(config.Model.ToModelConfig(data.Classes.Count));
        terminal.Note($"Timing the loader on {data.Count} pictures");
        LoaderBenchmarkResult result = LoaderBenchmark.Run(
            new LoaderBenchmarkOptions(data, augmentation, loader, parse.GetValue(_samples) ?? DefaultSamples, Repeats), terminal.Cancellation);
        json.Present(
            parse,
            terminal,
            writer => Write(writer, result),
            onError => Show(onError ? terminal.Error : terminal.Output, result, augmentation));
        return ExitCode.Done;
    }

    private static void Write(Utf8JsonWriter json, LoaderBenchmarkResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("samples_per_second", result.Decoding.SamplesPerSecond);
        json.WriteNumber("cpu_ms_per_sample", result.Decoding.CpuMilliseconds);
        if (result.Cached is { } cached)
        {
            json.WriteNumber("samples_per_second_cached", cached.SamplesPerSecond);
            json.WriteNumber("cpu_ms_per_sample_cached", cached.CpuMilliseconds);
        }
        else
        {
            json.WriteNull("samples_per_second_cached");
            json.WriteNull("cpu_ms_per_sample_cached");
        }

        json.WriteStartObject("steps_ms");
        foreach (LoaderStep step in result.Steps)
        {
            json.WriteNumber(step.Name, step.Milliseconds);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Show(TextWriter output, LoaderBenchmarkResult result, AugmentationOptions augmentation)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"crops of {augmentation.CropHeight}x{augmentation.CropWidth}, decoded each time: {result.Decoding.SamplesPerSecond:0} samples/s, {result.Decoding.CpuMilliseconds:0.0} ms of processor time a sample"));
        output.WriteLine(result.Cached is { } cached
            ? string.Create(CultureInfo.InvariantCulture, $"from the cache: {cached.SamplesPerSecond:0} samples/s, {cached.CpuMilliseconds:0.0} ms a sample")
            : "from the cache: not timed, the pictures do not fit into train.cache");
        double total = result.Steps.Sum(step => step.Milliseconds);
        foreach (LoaderStep step in result.Steps)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {step.Name.Replace('_', ' '),-14}{step.Milliseconds,7:0.00} ms{100 * step.Milliseconds / total,6:0} %"));
        }
    }

    private static void Render(string folder, Terminal terminal)
    {
        terminal.Note($"Rendering {Pictures} street scenes of {PictureWidth}x{PictureHeight}");
        StreetScenes.WriteDataSet(folder, Pictures, 0, PictureWidth, PictureHeight, seed: 1, cancellationToken: terminal.Cancellation);

        // With colours at half resolution, as nearly all photographs have them.
        foreach (string path in Directory.GetFiles(Path.Combine(folder, "images", "train")))
        {
            JpegWriter.Write(path, ImageFile.ReadRgb(path), JpegQuality);
        }
    }
}
