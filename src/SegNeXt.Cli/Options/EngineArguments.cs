using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Inference;
using SegNeXt.Torch;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>
/// The options that say what a network runs on: <c>--engine</c>, <c>--device</c>, <c>--precision</c>, <c>--tf32</c>,
/// <c>--threads</c>. With the managed engine libtorch is neither needed nor loaded; a GPU or 16 bits mean the torch engine
/// where none is named.
/// </summary>
internal sealed class EngineArguments
{
    private const string Torch = "torch";

    private readonly Option<string?> _engine = Opt.Choice("--engine", "What runs the network: the program itself on the CPU, or libtorch; managed unless said otherwise, torch for a model that it does not have", "managed", Torch);
    private readonly PrecisionArguments _precision = new();
    private readonly Option<string?> _device = Opt.Text("--device", "cpu|cuda[:N]", "Where the torch engine runs; cpu unless said otherwise");
    private readonly Option<int?> _threads = Opt.Whole("--threads", "CPU threads; one per core unless said otherwise", 1, 1024);
    private bool _falls;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_engine);
        command.Add(_device);
        _precision.AddTo(command);
        command.Add(_threads);
    }

    /// <summary>Whether an engine was named.</summary>
    /// <param name="parse">The parsed line.</param>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_engine) is not null;

    /// <summary>
    /// Whether libtorch runs the network: it was asked for, or only it can, or the model that was opened is none of the
    /// managed engine's.
    /// </summary>
    /// <param name="parse">The parsed line.</param>
    public bool IsTorch(ParseResult parse) => parse.GetValue(_engine) == Torch || _falls || (!IsGiven(parse) && NeedsTorch(parse));

    /// <summary>The device's name: <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; the engine checks it.</summary>
    /// <param name="parse">The parsed line.</param>
    public string Device(ParseResult parse) => parse.GetValue(_device) ?? "cpu";

    /// <summary>Number format of the network's products.</summary>
    /// <param name="parse">The parsed line.</param>
    public Precision Precision(ParseResult parse) => _precision.Read(parse);

    /// <summary>Whether a number format was named.</summary>
    /// <param name="parse">The parsed line.</param>
    public bool IsPrecisionGiven(ParseResult parse) => _precision.IsGiven(parse);

    /// <summary>Whether a GPU may round the inputs of products.</summary>
    /// <param name="parse">The parsed line.</param>
    public Tf32 Tf32(ParseResult parse) => _precision.ReadTf32(parse);

    /// <summary>CPU threads, or null for one per core.</summary>
    /// <param name="parse">The parsed line.</param>
    public int? Threads(ParseResult parse) => parse.GetValue(_threads);

    /// <summary>Refuses options that contradict each other; for before any work.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <exception cref="InputException">A device or a number format is named that the engine cannot run in.</exception>
    public void Check(ParseResult parse)
    {
        if (IsTorch(parse))
        {
            return;
        }

        if (Device(parse) != "cpu")
        {
            throw new InputException($"--device {Device(parse)} needs --engine torch; the managed engine runs on the CPU alone.");
        }

        if (Precision(parse) != Training.Precision.Fp32)
        {
            throw new InputException($"--precision {Precision(parse).Name()} needs --engine torch; the managed engine computes in fp32 alone.");
        }
    }

    private bool NeedsTorch(ParseResult parse) => Device(parse) != "cpu" || Precision(parse) != Training.Precision.Fp32;

    /// <summary>Opens a network, and says what was loaded, skipped and assumed, and what runs it.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <param name="weights">A <c>.safetensors</c> or <c>.pth</c> file.</param>
    /// <param name="terminal">Where to say it.</param>
    /// <exception cref="InputException">The file or the device cannot be used.</exception>
    public ISegmenter Open(ParseResult parse, string weights, Terminal terminal)
    {
        if (!IsTorch(parse))
        {
            ManagedSegmenter.CompileEarly();
        }

        return Open(parse, TensorFiles.Open(weights), terminal);
    }

    /// <summary>As above, with weights that are open already.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <param name="source">An open file, or <see cref="RandomWeights"/>; disposed.</param>
    /// <param name="terminal">Where to say it.</param>
    /// <exception cref="InputException">The weights or the device cannot be used.</exception>
    public ISegmenter Open(ParseResult parse, ITensorSource source, Terminal terminal) => Open(parse, source, terminal, Options(parse));

    /// <summary>As above, the torch engine with options that the line does not have.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <param name="source">An open file, or <see cref="RandomWeights"/>; disposed.</param>
    /// <param name="terminal">Where to say it.</param>
    /// <param name="options">The torch engine's.</param>
    /// <exception cref="InputException">The weights or the device cannot be used.</exception>
    public ISegmenter Open(ParseResult parse, ITensorSource source, Terminal terminal, EngineOptions options)
    {
        using ITensorSource weights = source;
        Check(parse);
        string? variant = IsGiven(parse) ? null : VariantOf(weights);
        _falls = variant is not null;
        if (_falls)
        {
            terminal.Note($"{weights.Path}: the managed engine does not have {variant}; the torch engine runs it.");
        }

        if (!IsTorch(parse))
        {
            return ManagedEngine.Open(weights, Threads(parse), terminal);
        }

        OpenedSegmenter opened = SegmenterFactory.Open(weights, options);
        terminal.Note(opened.Loaded.ToString());
        foreach (string line in opened.Loaded.Skipped)
        {
            terminal.Note($"  skipped: {line}");
        }

        foreach (string line in opened.Loaded.Notes)
        {
            terminal.Note($"  note: {line}");
        }

        string format = $"{(options.Precision == Training.Precision.Fp32 ? "" : $", {options.Precision.Name()}")}{(options.Recorded ? ", CUDA graph" : "")}";
        terminal.Note($"torch engine: libtorch {TorchRuntime.Version}, {Device(parse)}{format}, {TorchRuntime.Threads} {(TorchRuntime.Threads == 1 ? "thread" : "threads")}");
        return opened.Segmenter;
    }

    /// <summary>All of it, for the torch engine.</summary>
    /// <param name="parse">The parsed line.</param>
    public EngineOptions Options(ParseResult parse) => new(Device(parse), Threads(parse), Precision(parse), Tf32(parse));

    private static string? VariantOf(ITensorSource weights) =>
        ModelInspector.Recover(weights).Config is { Decoder: not null } config ? ModelVariant.BeyondFixedGraph(config) : null;

    /// <summary>Name and version of what the network runs on, for a report.</summary>
    /// <param name="parse">The parsed line.</param>
    public KeyValuePair<string, string> Version(ParseResult parse) =>
        IsTorch(parse) ? TrainRunner.TorchVersion : new("Engine", $"managed, {ManagedEngine.Vectors}");
}
