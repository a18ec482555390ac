using System.CommandLine;
using System.Net;
using SegNeXt.Core;
using SegNeXt.Inference;
using SegNeXt.Server;

namespace SegNeXt.Cli;

/// <summary><c>segnext serve</c>: a model behind a page and an HTTP API.</summary>
internal sealed class ServeCommand : CliCommand
{
    /// <summary>The size of the pictures that the model that comes with the program was trained on.</summary>
    private const int ShippedMaxSide = 480;

    private static readonly ServerOptions s_defaults = new();

    private readonly Lock _gate = new();
    private readonly Option<string?> _weights = Opt.Text("--weights", "W", "A .safetensors or official .pth file; the street-scene model that comes with the program unless said otherwise");
    private readonly Option<int?> _port = Opt.Whole("--port", $"Port to listen on, 0 for any that is free; {s_defaults.Port} unless said otherwise", 0, 65535);
    private readonly Option<string?> _host = Opt.Text("--host", "ADDRESS", "Address to listen on: 0.0.0.0 for all of this machine; 127.0.0.1, which others do not reach, unless said otherwise");
    private readonly Option<int?> _maxBody = Opt.Whole("--max-body", $"Most MiB of a picture's file; {s_defaults.MaxBodyBytes >> 20} unless said otherwise", 1, 1024, "MIB");
    private readonly Option<int?> _maxPixels = Opt.Whole("--max-pixels", $"Most millions of pixels of a picture; {s_defaults.MaxPixels / 1_000_000} unless said otherwise", 1, 500, "MILLIONS");
    private readonly Option<int?> _queue = Opt.Whole("--queue", $"Pictures that may wait for the one at work; {s_defaults.QueueLength} unless said otherwise", 0, 10_000);
    private readonly Option<int?> _timeout = Opt.Whole("--timeout", $"Seconds that an upload may take, and again those until its result; {s_defaults.Timeout.TotalSeconds:0} unless said otherwise", 1, 86_400, "S");
    private readonly TestArguments _test = new();
    private readonly Option<int?> _threads = Opt.Whole("--threads", "CPU threads; one per core unless said otherwise", 1, 1024);

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public ServeCommand(Terminal terminal)
        : base("serve", "Serve a model: a page for photographs, and an HTTP API.", terminal)
    {
        Add(_weights);
        Add(_port);
        Add(_host);
        Add(_maxBody);
        Add(_maxPixels);
        Add(_queue);
        Add(_timeout);
        _test.AddTo(this);
        Add(_threads);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "",
        "--weights best.safetensors --port 9000",
        "--weights best.safetensors --host 0.0.0.0 --queue 32 --timeout 20",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        string? weights = parse.GetValue(_weights);
        ServerOptions options = Read(parse) with { PageMaxSide = weights is null ? ShippedMaxSide : s_defaults.PageMaxSide };
        options.Validate();
        ManagedSegmenter.CompileEarly();
        using ManagedSegmenter segmenter = ManagedEngine.OpenBare(
            TensorFiles.Open(weights ?? ShippedModel.RequireAndTell(Terminal)), parse.GetValue(_threads), Terminal, "segnext predict --engine torch runs it, serve has the managed engine alone");
        ServeAsync(segmenter, options).GetAwaiter().GetResult();
        return Terminal.IsTerminated ? ExitCode.Done : ExitCode.Interrupted;
    }

    private async Task ServeAsync(ManagedSegmenter segmenter, ServerOptions options)
    {
        await using SegmentationServer server = await SegmentationServer.StartAsync(segmenter, options, Terminal.Cancellation);
        Terminal.Output.WriteLine(server.Address.ToString());
        Terminal.Output.Flush();
        Terminal.Note("Open this address in a browser; Ctrl-C stops the server.");
        try
        {
            await Task.Delay(Timeout.Infinite, Terminal.Cancellation);
        }
        catch (OperationCanceledException)
        {
            Terminal.Note("stopping: pictures that are under way are finished first (Ctrl-C again ends at once)");
            await server.StopAsync();
        }
    }

    private ServerOptions Read(ParseResult parse) => new()
    {
        Address = ParseAddress(parse.GetValue(_host)),
        Port = parse.GetValue(_port) ?? s_defaults.Port,
        MaxBodyBytes = parse.GetValue(_maxBody) is { } mebibytes ? (long)mebibytes << 20 : s_defaults.MaxBodyBytes,
        MaxPixels = parse.GetValue(_maxPixels) is { } millions ? millions * 1_000_000L : s_defaults.MaxPixels,
        QueueLength = parse.GetValue(_queue) ?? s_defaults.QueueLength,
        Timeout = parse.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : s_defaults.Timeout,
        Test = _test.Read(parse, parse.GetValue(_threads)),
        Log = Note,
    };

    // Requests end on any thread.
    private void Note(string line)
    {
        lock (_gate)
        {
            Terminal.Note(line);
        }
    }

    private static IPAddress ParseAddress(string? host) => host switch
    {
        null or "localhost" => IPAddress.Loopback,
        _ when IPAddress.TryParse(host, out IPAddress? address) => address,
        _ => throw new InputException($"--host is '{host}'; expected an address of this machine such as 127.0.0.1, 0.0.0.0 for all of them, or :: for all with IPv6."),
    };
}
