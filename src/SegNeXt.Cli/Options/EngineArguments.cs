using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>The options that say what a network runs on: <c>--engine</c>, <c>--device</c>, <c>--threads</c>.</summary>
internal sealed class EngineArguments
{
    private readonly Option<string?> _engine = Opt.Choice("--engine", "What runs the network", "torch");
    private readonly Option<string?> _device = Opt.Text("--device", "cpu|cuda[:N]", "Where the torch engine runs; cpu unless said otherwise");
    private readonly Option<int?> _threads = Opt.Whole("--threads", "CPU threads; one per core unless said otherwise", 1, 1024);

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_engine);
        command.Add(_device);
        command.Add(_threads);
    }

    /// <summary>The device's name: <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; the engine checks it.</summary>
    /// <param name="parse">The parsed line.</param>
    public string Device(ParseResult parse) => parse.GetValue(_device) ?? "cpu";

    /// <summary>CPU threads, or null for one per core.</summary>
    /// <param name="parse">The parsed line.</param>
    public int? Threads(ParseResult parse) => parse.GetValue(_threads);

    /// <summary>Opens a network, and says what was loaded, skipped and assumed.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <param name="weights">A <c>.safetensors</c> or <c>.pth</c> file.</param>
    /// <param name="terminal">Where to say it.</param>
    /// <exception cref="InputException">The file or the device cannot be used.</exception>
    public ISegmenter Open(ParseResult parse, string weights, Terminal terminal)
    {
        OpenedSegmenter opened = SegmenterFactory.Open(weights, new EngineOptions(Device(parse), Threads(parse)));
        terminal.Note(opened.Loaded.ToString());
        foreach (string line in opened.Loaded.Skipped)
        {
            terminal.Note($"  skipped: {line}");
        }

        foreach (string line in opened.Loaded.Notes)
        {
            terminal.Note($"  note: {line}");
        }

        return opened.Segmenter;
    }
}
