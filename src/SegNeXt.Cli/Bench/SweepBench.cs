using System.CommandLine;
using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Torch;
using SegNeXt.Training;
using Spectre.Console;

namespace SegNeXt.Cli;

/// <summary><c>bench --sweep</c>: one network in every number format of a device, on a GPU with and without a CUDA graph.</summary>
/// <param name="parse">The parsed line.</param>
/// <param name="engine">Its device.</param>
/// <param name="source">Opens the weights.</param>
/// <param name="size">Size of the picture.</param>
/// <param name="runs">Runs that count, or null.</param>
/// <param name="terminal">Who is told.</param>
internal sealed class SweepBench(ParseResult parse, EngineArguments engine, Func<ITensorSource> source, ImageSize size, int? runs, Terminal terminal)
{
    private ModelConfig? _model;

    /// <summary>Times and shows all of them; one that fails is told of and the others go on.</summary>
    /// <param name="json">Where the figures go.</param>
    public int Run(JsonOutput json)
    {
        if (parse.GetValue<string?>("--engine") == "managed")
        {
            throw new InputException("--sweep is over libtorch's number formats; the managed engine computes in fp32 alone.");
        }

        EngineOptions options = engine.Options(parse);
        bool gpu = TorchSetup.Open(options).IsCuda;
        if (gpu)
        {
            CudaSettings.ForOneSize();
        }

        bool graphs = gpu && CudaGraph.IsAvailable;
        if (gpu && !graphs)
        {
            terminal.Note("The native library was built without CUDA's headers: no CUDA graphs.");
        }

        RgbImage picture = NetworkBenchmark.Picture(size.Height, size.Width);
        List<Row> rows = [];
        foreach (Precision precision in Precisions.All.Select(entry => entry.Value).Where(format => gpu || format != Precision.Fp16))
        {
            foreach (bool graph in graphs ? [false, true] : new[] { false })
            {
                rows.Add(One(options with { Precision = precision, Recorded = graph }, picture));
            }
        }

        json.Present(parse, terminal, writer => Write(writer, rows), onError => Show(rows, onError));
        return rows.Any(row => row.Times is null) ? ExitCode.SomeFailed : ExitCode.Done;
    }

    private Row One(EngineOptions options, RgbImage picture)
    {
        try
        {
            return new Row(options, NetworkBenchmark.Run(() => Open(options), picture, runs, terminal.Cancellation), null);
        }
        catch (TorchException error)
        {
            terminal.Warn($"{options.Precision.Name()}{(options.Recorded ? " with a CUDA graph" : "")}: {error.Message}");
            return new Row(options, null, error.Message);
        }
    }

    private ISegmenter Open(EngineOptions options)
    {
        using ITensorSource weights = source();
        OpenedSegmenter opened = SegmenterFactory.Open(weights, options);
        _model = opened.Segmenter.Config;
        return opened.Segmenter;
    }

    private void Write(System.Text.Json.Utf8JsonWriter json, List<Row> rows)
    {
        json.WriteStartObject();
        json.WriteString("model", _model is null ? null : ModelTitle.Of(_model));
        json.WriteString("size", size.ToString());
        json.WriteString("device", engine.Device(parse));
        json.WriteString("libtorch", TorchRuntime.Version);
        json.WriteStartArray("runs");
        foreach (Row row in rows)
        {
            json.WriteStartObject();
            json.WriteString("precision", row.Options.Precision.Name());
            json.WriteBoolean("cuda_graph", row.Options.Recorded);
            NetworkBench.WriteTiming(json, "network", row.Times?.Network);
            NetworkBench.WriteTiming(json, "end_to_end", row.Times?.EndToEnd);
            JsonOutput.WriteNumber(json, "network_images_per_second", row.NetworkRate);
            JsonOutput.WriteNumber(json, "images_per_second", row.Rate);
            JsonOutput.WriteNumber(json, "device_memory_mb", row.Times?.DevicePeakBytes / 1048576.0 ?? double.NaN);
            json.WriteString("timed_by", row.Times is { IsByEvents: true } ? "events" : "clock");
            json.WriteString("fault", row.Fault);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Show(List<Row> rows, bool onError)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("", "network, ms", "frames/s", "JPEG to class ids, ms", "frames/s");
        table.Title = new TableTitle(Markup.Escape($"{(_model is null ? "" : ModelTitle.Of(_model))}, {size}, {engine.Device(parse)}, libtorch {TorchRuntime.Version}"));
        foreach (Row row in rows)
        {
            table.AddRow(
                $"{row.Options.Precision.Name()}{(row.Options.Recorded ? ", graph" : "")}",
                Text(row.Times?.Network.MedianMs, "0.00"), Text(row.NetworkRate, "0.0"), Text(row.Times?.EndToEnd?.MedianMs, "0.00"), Text(row.Rate, "0.0"));
        }

        terminal.Show(table, onError);
    }

    private static string Text(double? value, string format) => value is { } number && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) : "–";

    private sealed record Row(EngineOptions Options, NetworkTimes? Times, string? Fault)
    {
        public double NetworkRate => 1e3 / (Times?.Network.MedianMs ?? double.NaN);

        public double Rate => 1e3 / (Times?.EndToEnd?.MedianMs ?? double.NaN);
    }
}
