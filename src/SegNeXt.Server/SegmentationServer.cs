using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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

    private readonly WebApplication _app;
    private readonly PictureLine _line;
    private readonly CancellationTokenSource _draining;

    private SegmentationServer(WebApplication app, PictureLine line, CancellationTokenSource draining) => (_app, _line, _draining) = (app, line, draining);

    /// <summary>Where the server listens, such as <c>http://127.0.0.1:8080/</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The paths and methods that are answered.</summary>
    internal IEnumerable<(string Path, string Method)> Routes => ((IEndpointRouteBuilder)_app).DataSources
        .SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
        .SelectMany(static endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(method => (endpoint.RoutePattern.RawText!, method)));

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
        ServerMetrics metrics = new();
        PictureLine line = new(engine, options.QueueLength, options.MaxPixels, metrics);
        BodyBudget budget = new(LargestUploads * (options.MaxBodyBytes + 1));
        metrics.Inside = () => line.Inside;
        metrics.UploadBytes = () => budget.Held;
        CancellationTokenSource draining = new();
        SegmentEndpoint segment = new(
            options, engine, line, new BodyReader(options.MaxBodyBytes, budget), new ResultWriter(ClassSet.Of(engine.Config)), draining.Token);
        WebApplication app = Build(options);
        SegmentationServer server = new(app, line, draining);
        try
        {
            Map(app, segment, metrics, ModelJson.Write(engine.Config, options), options, draining.Token);
            await app.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            if (error is IOException or System.Net.Sockets.SocketException)
            {
                throw CannotListen(options, error);
            }

            throw;
        }

        server.Address = new Uri(app.Urls.First());
        return server;
    }

    /// <summary>
    /// Stops: no new connections, no new pictures (503), until those that are under way are answered or
    /// <see cref="ServerOptions.DrainTime"/> has passed.
    /// </summary>
    public async Task StopAsync()
    {
        await _draining.CancelAsync().ConfigureAwait(false);
        await _app.StopAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _draining.CancelAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _line.Dispose();
        _draining.Dispose();
    }

    private static WebApplication Build(ServerOptions options)
    {
        // Nothing but Kestrel and routing: no configuration files, no console, no reflection that trimming would break.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;

            // A body that trickles in more slowly, after a few seconds of grace, is a fault or an attack.
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(1024, TimeSpan.FromSeconds(10));
            kestrel.Limits.MinResponseDataRate = new MinDataRate(1024, TimeSpan.FromSeconds(10));
            kestrel.Listen(options.Address, options.Port, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime);
        return builder.Build();
    }

    private static void Map(WebApplication app, SegmentEndpoint segment, ServerMetrics metrics, byte[] model, ServerOptions options, CancellationToken draining)
    {
        RequestLog log = new(metrics, options.Log);
        app.Use(next => context => log.InvokeAsync(context, next));
        app.Use(static next => context =>
        {
            SecurityHeaders.Add(context.Response.Headers);
            return next(context);
        });
        app.UseRouting();
        app.MapMethods(ApiRoutes.Segment, [HttpMethods.Post], segment.HandleAsync);
        Get(ApiRoutes.Model, context => Answer.WriteAsync(context, "application/json", model));
        byte[] openApi = PageFiles.Read("openapi.json");
        Get(ApiRoutes.OpenApi, context => Answer.WriteAsync(context, "application/json", openApi));
        Get(ApiRoutes.Health, static context => Answer.WriteAsync(context, "text/plain; charset=utf-8", "ok\n"u8.ToArray()));
        Get(ApiRoutes.Ready, context => draining.IsCancellationRequested
            ? throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "stopping", "The server is stopping.")
            : Answer.WriteAsync(context, "text/plain; charset=utf-8", "ready\n"u8.ToArray()));
        Get(ApiRoutes.Metrics, context => Answer.WriteAsync(context, PrometheusText.ContentType, metrics.Write()));
        PageFiles.Map(app);

        void Get(string path, RequestDelegate answer) => app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], answer);
    }

    private static InputException CannotListen(ServerOptions options, Exception error)
    {
        bool inUse = error is AddressInUseException || error.InnerException is AddressInUseException;
        IPEndPoint end = new(options.Address, options.Port);
        return inUse
            ? new InputException($"Port {options.Port} of {options.Address} is in use by another program; choose another with --port, or 0 for any that is free.", error)
            : new InputException($"The server cannot listen on {end}: {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}.", error);
    }
}
