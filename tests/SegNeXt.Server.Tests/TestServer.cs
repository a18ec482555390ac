using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Inference;
using SegNeXt.TestUtilities;

namespace SegNeXt.Server.Tests;

/// <summary>A server on a port of its own with a client for it, and pictures to send.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly IDisposable? _engine;

    private TestServer(SegmentationServer server, IDisposable? engine)
    {
        Server = server;
        _engine = engine;
        Client = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>The model that comes with the program.</summary>
    public static string Model { get; } = Path.Combine(TestPaths.Repository, "models", "segnext-t-camvid.safetensors");

    /// <summary>The server.</summary>
    public SegmentationServer Server { get; }

    /// <summary>A client for it.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts one with the model that comes with the program.</summary>
    /// <param name="options">Its options; the port is replaced.</param>
    public static async Task<TestServer> WithModelAsync(ServerOptions? options = null)
    {
        ManagedSegmenter segmenter = ManagedSegmenter.Open(Model);
        return new TestServer(await SegmentationServer.StartAsync(segmenter, Patient(options)), segmenter);
    }

    /// <summary>Starts one with an engine of the test's own.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="options">Its options; the port is replaced.</param>
    public static async Task<TestServer> WithAsync(IPictureEngine engine, ServerOptions? options = null) =>
        new(await SegmentationServer.StartAsync(engine, Patient(options)), engine as IDisposable);

    /// <summary>A rendered street.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="seed">Which.</param>
    public static RgbImage Street(int width = 160, int height = 120, int seed = 3) => StreetScenes.Render(seed, width, height).Image;

    /// <summary>Posts bytes to <c>/v1/segment</c>.</summary>
    /// <param name="file">The body.</param>
    /// <param name="query">Such as <c>?format=json</c>.</param>
    public Task<HttpResponseMessage> PostAsync(byte[] file, string query = "") => Client.PostAsync("v1/segment" + query, new ByteArrayContent(file));

    /// <summary>Posts a picture until it is segmented: with short time limits, a busy machine may need more than one attempt.</summary>
    /// <param name="file">The body.</param>
    public async Task UntilServedAsync(byte[] file)
    {
        for (int attempt = 0; attempt < 50; attempt++)
        {
            using HttpResponseMessage answer = await PostAsync(file);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }
        }

        Assert.Fail("No attempt was served.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        _engine?.Dispose();
    }

    /// <summary>Any free port; and the time limit is not what a test on a busy machine should fail by, unless it says so.</summary>
    private static ServerOptions Patient(ServerOptions? options)
    {
        options ??= new();
        return options with { Port = 0, Timeout = options.Timeout == new ServerOptions().Timeout ? TimeSpan.FromMinutes(10) : options.Timeout };
    }
}
