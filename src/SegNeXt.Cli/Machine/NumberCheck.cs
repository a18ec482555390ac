using System.CommandLine;
using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Torch;
using SegNeXt.Training;
using Spectre.Console;

namespace SegNeXt.Cli;

/// <summary><c>check --device</c>: whether libtorch computes on a device what it should.</summary>
/// <param name="options">Device, threads and number format.</param>
/// <param name="golden">Folder of the released code's numbers, or null.</param>
/// <param name="sizes">Sizes of the model separated by commas, or null for those of the paper.</param>
/// <param name="terminal">Who is told.</param>
internal sealed class NumberCheck(EngineOptions options, string? golden, string? sizes, Terminal terminal)
{
    private static readonly string[] s_paper = ["t", "s", "b", "l"];

    /// <summary>Compares, and shows what was found.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <param name="json">Where the figures go.</param>
    /// <exception cref="InputException">There is no such device, folder or size.</exception>
    public int Run(ParseResult parse, JsonOutput json)
    {
        string[] chosen = sizes?.Split(',', StringSplitOptions.TrimEntries) ?? s_paper;
        if (chosen.FirstOrDefault(size => !ModelConfig.PresetNames.Contains(size)) is { } unknown)
        {
            throw new InputException($"There is no size '{unknown}'; the sizes are {string.Join(", ", ModelConfig.PresetNames)}.");
        }

        if (golden is not null && !Directory.Exists(golden))
        {
            throw new InputException($"{golden}: there is no such folder.");
        }

        Device device = TorchSetup.Open(options);
        List<CheckedNumbers> all = [.. new DeviceCheck(device, options.Precision).Run(golden, chosen, terminal.Cancellation)];
        foreach (CheckedNumbers failed in all.Where(numbers => numbers.Fault is not null))
        {
            terminal.Warn($"{failed.What}: {failed.Fault}");
        }

        json.Present(parse, terminal, writer => Write(writer, device, all), onError => Show(device, all, onError));
        return all.All(numbers => numbers.Passes) ? ExitCode.Done : ExitCode.SomeFailed;
    }

    private void Write(System.Text.Json.Utf8JsonWriter json, Device device, List<CheckedNumbers> all)
    {
        json.WriteStartObject();
        json.WriteString("device", device.ToString());
        json.WriteString("precision", options.Precision.Name());
        json.WriteString("libtorch", TorchRuntime.Version);
        json.WriteBoolean("passes", all.All(numbers => numbers.Passes));
        json.WriteStartArray("comparisons");
        foreach (CheckedNumbers numbers in all)
        {
            json.WriteStartObject();
            json.WriteString("what", numbers.What);
            JsonOutput.WriteNumber(json, "difference", numbers.Difference);
            json.WriteNumber("tolerance", numbers.Tolerance);
            json.WriteBoolean("passes", numbers.Passes);
            json.WriteString("fault", numbers.Fault);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Show(Device device, List<CheckedNumbers> all, bool onError)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns($"on {device}, libtorch {TorchRuntime.Version}", "relative difference", "may be", "");
        foreach (CheckedNumbers numbers in all)
        {
            table.AddRow(
                Markup.Escape(numbers.What),
                numbers.Fault is null ? numbers.Difference.ToString("0.0e+0", CultureInfo.InvariantCulture) : "–",
                numbers.Tolerance.ToString("0.0e+0", CultureInfo.InvariantCulture),
                numbers.Passes ? "agrees" : numbers.Fault is null ? "differs" : "failed");
        }

        terminal.Show(table, onError);
    }
}
