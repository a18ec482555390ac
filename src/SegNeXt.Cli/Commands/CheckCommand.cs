using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Training;
using Spectre.Console;

namespace SegNeXt.Cli;

/// <summary>
/// <c>segnext check</c>: what this machine can do, and the command that brings what it lacks; with <c>--device</c>, whether
/// libtorch computes there what it should.
/// </summary>
internal sealed class CheckCommand : CliCommand
{
    private readonly Option<string?> _device = Opt.Text("--device", "cpu|cuda[:N]", "Instead: compare what libtorch computes there, forward and backward, with the CPU (with --golden also with the released code)");
    private readonly Option<string?> _golden = Opt.Text("--golden", "DIR", "With --device: the repository's tests/golden");
    private readonly Option<string?> _sizes = Opt.Text("--sizes", "t,s,…", "With --device: sizes of the model; t,s,b,l unless said otherwise");
    private readonly PrecisionArguments _precision = new();
    private readonly Option<int?> _threads = Opt.Whole("--threads", "With --device: CPU threads; one per core unless said otherwise", 1, 1024);
    private readonly JsonOutput _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public CheckCommand(Terminal terminal)
        : base("check", "Tell what this machine has, what works, and what brings the rest.", terminal)
    {
        Add(_device);
        Add(_golden);
        Add(_sizes);
        _precision.AddTo(this);
        Add(_threads);
        Add(_json.Option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["", "--device cuda --golden tests/golden --precision bf16"];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        if (parse.GetValue(_device) is { } device)
        {
            return new NumberCheck(new EngineOptions(device, parse.GetValue(_threads), _precision.Read(parse)), parse.GetValue(_golden), parse.GetValue(_sizes), Terminal).Run(parse, _json);
        }

        if (parse.GetValue(_golden) is not null || parse.GetValue(_sizes) is not null || _precision.IsGiven(parse))
        {
            throw new InputException("--golden, --sizes and --precision belong to check --device.");
        }

        MachineReport report = MachineReport.Create();
        _json.Present(parse, Terminal, json => WriteJson(json, report), onError => Show(report, onError));
        return ExitCode.Done;
    }

    private static void WriteJson(Utf8JsonWriter json, MachineReport report)
    {
        json.WriteStartObject();
        json.WriteString("version", CommandLine.Version);
        json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        json.WriteString("system", RuntimeInformation.OSDescription);
        json.WriteString("processor", report.Processor);
        json.WriteNumber("cores", report.Cores);
        json.WriteNumber("memory_mb", report.MemoryMegabytes);
        WriteTexts(json, "instruction_sets", report.InstructionSets);
        json.WriteString("managed_engine", ManagedEngine.Vectors);
        json.WriteStartObject("libtorch");
        json.WriteBoolean("available", report.Torch.Available);
        json.WriteString("reason", report.Torch.Reason);
        json.WriteString("version", report.Torch.Version);
        WriteTexts(json, "build", report.Torch.Build);
        json.WriteString("blas", report.Torch.Blas);
        json.WriteNumber("cuda_devices", report.Torch.CudaDevices);
        WriteTexts(json, "data_parallel", report.Torch.DataParallel);
        json.WriteEndObject();
        json.WriteStartArray("dependencies");
        foreach (Dependency dependency in report.Dependencies)
        {
            json.WriteStartObject();
            json.WriteString("name", dependency.Name);
            json.WriteString("purpose", dependency.Purpose);
            json.WriteBoolean("available", dependency.Available);
            json.WriteString("detail", dependency.Detail);
            json.WriteString("install", dependency.Install);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private void Show(MachineReport report, bool onError)
    {
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        void Row(string name, string text) => grid.AddRow(new Text(name), new Text(text));

        Row("segnext", $"{CommandLine.Version}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        Row("processor", $"{report.Processor}, {report.Cores} cores");
        Row("memory", $"{report.MemoryMegabytes / 1024.0:0.0} GiB");
        Row("instructions", report.InstructionSets.Count > 0 ? string.Join(", ", report.InstructionSets) : "none beyond the architecture's own");
        Row("managed engine", $"part of the program, with {ManagedEngine.Vectors}");
        foreach (Dependency dependency in report.Dependencies)
        {
            Row(dependency.Name, dependency.Detail);
        }

        if (report.Torch.Available)
        {
            // Its compiler flags take a screen and say nothing to most; --json has them.
            foreach (string line in report.Torch.Build.Skip(1).Where(line => !line.Contains("Build settings", StringComparison.Ordinal)))
            {
                Row("", line.TrimStart('-', ' '));
            }

            Row("BLAS", report.Torch.Blas ?? "built into libtorch");
            Row("data parallel", report.Torch.DataParallel.Count == 0 ? "none: this libtorch has no c10d" : string.Join(", ", report.Torch.DataParallel));
            Row("CUDA devices", report.Torch.CudaDevices == 0 ? "none that libtorch can use" : $"{report.Torch.CudaDevices}");
        }

        Terminal.Show(grid, onError);
        Terminal.Show(Verdict(report), onError);
    }

    private static Rows Verdict(MachineReport report)
    {
        List<Text> lines = [Text.NewLine, new Text("works:   predict, eval")];
        foreach (Dependency dependency in report.Dependencies)
        {
            lines.Add(new Text(dependency.Available
                ? $"works:   {dependency.Purpose}"
                : $"missing: {dependency.Name}, for {dependency.Purpose}; brought by: {dependency.Install}"));
        }

        if (report.Torch.IsBlasSlow)
        {
            lines.Add(new Text("slow:    libtorch runs on the reference BLAS; a faster one is brought by: apt install libopenblas0-pthread"));
        }

        return new Rows(lines);
    }
}
