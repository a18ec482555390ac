using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SegNeXt.Core;
using SegNeXt.Inference;

namespace SegNeXt.Server;

/// <summary>
/// A model behind HTTP: the page at <c>/</c>, the API beside it. One engine serves all requests, one picture after the other, each with
/// all of its threads. Nothing of a request is kept.
/// </summary>
public sealed class SegmentationServer : IAsyncDisposable
{
    /// <summary>Uploads of the largest size that are held at once; smaller ones are more.</summary>
    private const int LargestUploads = 8;

    private const int WarmUpSide = 96;

    private readonly ServerOptions _options;
    private readonly ServerMetrics _metrics = new();
    private readonly RouteTable _routes = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly PictureLine _line;
    private readonly KestrelServer _kestrel;
    private bool _stopped;

    private SegmentationServer(IPictureEngine engine, ServerOptions options)
    {
        _options = options;
        _line = new PictureLine(engine, options.QueueLength, options.MaxPixels, _metrics);
        _kestrel = CreateKestrel(options);
        BodyBudget budget = new(LargestUploads * (options.MaxBodyBytes + 1));
        _metrics.Inside = () => _line.Inside;
        _metrics.UploadBytes = () => budget.Held;
        SegmentEndpoint segment = new(
            options, engine, _line, new BodyReader(options.MaxBodyBytes, budget), new ResultWriter(ClassSet.Of(engine.Config)), _draining.Token);
        Map(segment, ModelJson.Write(engine.Config, options));
    }

    /// <summary>Where the server listens, such as <c>http://127.0.0.1:8080/</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The paths and methods that are answered.</summary>
    internal IEnumerable<(string Path, string Method)> Routes => _routes.All;

    /// <summary>Starts a server.</summary>
    /// <param name="segmenter">The engine; not disposed, and not to be before the server is.</param>
    /// <param name="options">Where it listens and what it accepts.</param>
    /// <param name="cancellation">Ends the attempt to start.</param>
    /// <returns>The running server.</returns>
    /// <exception cref="InputException">An option is out of range, or the address cannot be listened on.</exception>
    public static Task<SegmentationServer> StartAsync(ManagedSegmenter segmenter, ServerOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(options);
        // The first pictures would pay for compiling the network's code.
        segmenter.Segment(new RgbImage(WarmUpSide, WarmUpSide), cancellation);
        return StartAsync(new PictureEngine(segmenter, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes), options, cancellation);
    }

    /// <summary>As above, with any engine.</summary>
    internal static async Task<SegmentationServer> StartAsync(IPictureEngine engine, ServerOptions options, CancellationToken cancellation = default)
    {
        options.Validate();
        SegmentationServer server = new(engine, options);
        try
        {
            RequestLog log = new(server._metrics, server._routes, options.Log);
            await server._kestrel.StartAsync(new Application(log.InvokeAsync), cancellation).ConfigureAwait(false);
            server.Address = new Uri(server._kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.First());
            return server;
        }
        catch (Exception error)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw error is IOException or SocketException ? CannotListen(options, error) : error;
        }
    }

    /// <summary>
    /// Stops: no new connections, no new pictures (503), until those that are under way are answered or
    /// <see cref="ServerOptions.DrainTime"/> has passed.
    /// </summary>
    public async Task StopAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        await _draining.CancelAsync().ConfigureAwait(false);
        using CancellationTokenSource limit = new(_options.DrainTime);
        await _kestrel.StopAsync(limit.Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _kestrel.Dispose();
        _line.Dispose();
        _draining.Dispose();
    }

    /// <summary>Kestrel by itself: neither a host nor configuration, whose reflection and size a published file can do without.</summary>
    private static KestrelServer CreateKestrel(ServerOptions options)
    {
        KestrelServerOptions kestrel = new() { AddServerHeader = false };
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;

        // A body that trickles in more slowly, after a few seconds of grace, is a fault or an attack.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(1024, TimeSpan.FromSeconds(10));
        kestrel.Limits.MinResponseDataRate = new MinDataRate(1024, TimeSpan.FromSeconds(10));
        kestrel.Listen(options.Address, options.Port, static listen => listen.Protocols = HttpProtocols.Http1);
        SocketTransportFactory sockets = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        return new KestrelServer(Options.Create(kestrel), sockets, NullLoggerFactory.Instance);
    }

    private void Map(SegmentEndpoint segment, byte[] model)
    {
        byte[] openApi = PageFiles.Read("openapi.json");
        CancellationToken draining = _draining.Token;
        _routes.Post(ApiRoutes.Segment, segment.HandleAsync);
        _routes.Get(ApiRoutes.Model, context => Answer.WriteAsync(context, "application/json", model));
        _routes.Get(ApiRoutes.OpenApi, context => Answer.WriteAsync(context, "application/json", openApi));
        _routes.Get(ApiRoutes.Health, static context => Answer.WriteAsync(context, "text/plain; charset=utf-8", "ok\n"u8.ToArray()));
        _routes.Get(ApiRoutes.Ready, context => draining.IsCancellationRequested
            ? throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "stopping", "The server is stopping.")
            : Answer.WriteAsync(context, "text/plain; charset=utf-8", "ready\n"u8.ToArray()));
        _routes.Get(ApiRoutes.Metrics, context => Answer.WriteAsync(context, PrometheusText.ContentType, _metrics.Write()));
        PageFiles.Map(_routes);
    }

    private static InputException CannotListen(ServerOptions options, Exception error) =>
        error is AddressInUseException || error.InnerException is AddressInUseException
            ? new InputException($"Port {options.Port} of {options.Address} is in use by another program; choose another with --port, or 0 for any that is free.", error)
            : new InputException($"The server cannot listen on {new IPEndPoint(options.Address, options.Port)}: {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}.", error);
}
