using System.Net;
using System.Net.Sockets;
using System.Text;
using SegNeXt.Data;

namespace SegNeXt.Server.Tests;

/// <summary>Limits of bytes, pixels, waiting and time; each has its own answer.</summary>
public sealed class LimitTests
{
    private static readonly byte[] s_png = PngWriter.EncodeRgb(TestServer.Street(64, 48));

    [Fact]
    public async Task Body_OverTheLimit_Is413HoweverItIsSent()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true), new() { MaxBodyBytes = s_png.Length });
        await (await server.PostAsync(s_png)).IdsAsync();
        byte[] larger = [.. s_png, 0];
        await (await server.PostAsync(larger)).ShouldBeRefusedAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large", "larger than");
        using HttpRequestMessage chunked = new(HttpMethod.Post, "v1/segment") { Content = new StreamContent(new MemoryStream(new byte[1 << 20])) };
        chunked.Headers.TransferEncodingChunked = true;
        await (await server.Client.SendAsync(chunked)).ShouldBeRefusedAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        using MultipartFormDataContent form = new() { { new ByteArrayContent(new byte[3 << 20]), "f", "f.png" } };
        await (await server.Client.PostAsync("v1/segment", form)).ShouldBeRefusedAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        using MultipartFormDataContent fields = new() { { new StringContent(new string('x', 1 << 20)), "note" } };
        fields.Headers.ContentLength = null;
        await (await server.Client.PostAsync("v1/segment", fields)).ShouldBeRefusedAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task Pixels_OverTheLimit_Are413()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true), new() { MaxPixels = (64 * 48) - 1 });
        await (await server.PostAsync(s_png)).ShouldBeRefusedAsync(HttpStatusCode.RequestEntityTooLarge, "too_many_pixels", "64×48");
    }

    [Fact]
    public async Task Queue_Full_Is429WithRetryAfterAndThoseInItAreServed()
    {
        GatedEngine engine = new();
        await using TestServer server = await TestServer.WithAsync(engine, new() { QueueLength = 2 });
        Task<HttpResponseMessage>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => server.PostAsync(s_png))];
        await engine.EnteredAsync();
        await Until(async () => (await server.Client.GetStringAsync("metrics")).Contains("segnext_pictures_in_line 3\n", StringComparison.Ordinal));

        HttpResponseMessage refused = await server.PostAsync(s_png);
        await refused.ShouldBeRefusedAsync(HttpStatusCode.TooManyRequests, "queue_full", "try again in");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);

        engine.Release(3);
        foreach (Task<HttpResponseMessage> one in waiting)
        {
            await (await one).IdsAsync();
        }

        Assert.Equal(1, engine.MostAtOnce);
    }

    [Fact]
    public async Task Work_ThatTakesTooLong_Is503AndIsGivenUp()
    {
        GatedEngine engine = new();
        await using TestServer server = await TestServer.WithAsync(engine, new() { Timeout = TimeSpan.FromSeconds(1) });
        HttpResponseMessage late = await server.PostAsync(s_png);
        await late.ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "timeout", "within 1 s");
        Assert.NotNull(late.Headers.RetryAfter);
        Assert.Equal(engine.Seen.Count, engine.Cancelled);
        engine.Release(50);
        await server.UntilServedAsync(s_png);
    }

    [Fact]
    public async Task Client_ThatGoes_EndsItsWork()
    {
        GatedEngine engine = new();
        await using TestServer server = await TestServer.WithAsync(engine);
        using CancellationTokenSource leaves = new();
        Task<HttpResponseMessage> request = server.Client.PostAsync("v1/segment", new ByteArrayContent(s_png), leaves.Token);
        await engine.EnteredAsync();
        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await Until(() => Task.FromResult(engine.Cancelled == 1));
        await Until(async () => (await server.Client.GetStringAsync("metrics")).Contains("code=\"499\"} 1\n", StringComparison.Ordinal));
        engine.Release();
        await (await server.PostAsync(s_png)).IdsAsync();
    }

    [Fact]
    public async Task Upload_ThatNeverEnds_Is408AndHindersNobody()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true), new() { Timeout = TimeSpan.FromSeconds(1), QueueLength = 0 });
        using TcpClient slow = new();
        await slow.ConnectAsync(IPAddress.Loopback, server.Server.Address.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /v1/segment HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc"));

        await server.UntilServedAsync(s_png);
        using StreamReader reader = new(slow.GetStream());
        Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Uploads_ThatHoldAllTheMemory_Are503ForTheNext()
    {
        // Room for eight files of the limit; each of the open ones has sent all but its end.
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true), new() { MaxBodyBytes = 1 << 17 });
        List<TcpClient> open = [];
        try
        {
            for (int i = 0; i < 8; i++)
            {
                TcpClient client = new();
                open.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, server.Server.Address.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/segment HTTP/1.1\r\nHost: x\r\nContent-Length: {1 << 17}\r\n\r\n"));
                await client.GetStream().WriteAsync(new byte[(1 << 17) - 1]);
            }

            await Until(async () => (await server.Client.GetStringAsync("metrics")).Contains($"segnext_upload_bytes {8 * ((1 << 17) + 1)}\n", StringComparison.Ordinal)
                || (await server.Client.GetStringAsync("metrics")).Contains($"segnext_upload_bytes {8 << 17}\n", StringComparison.Ordinal));
            HttpResponseMessage refused = await server.PostAsync(s_png);
            await refused.ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "uploads_full", "try again");
            Assert.NotNull(refused.Headers.RetryAfter);
        }
        finally
        {
            open.ForEach(static client => client.Dispose());
        }

        await Until(async () => (await server.Client.GetStringAsync("metrics")).Contains("segnext_upload_bytes 0\n", StringComparison.Ordinal));
        await (await server.PostAsync(s_png)).IdsAsync();
    }

    [Fact]
    public async Task Stop_WithWorkUnderWay_FinishesItAndTakesNoMore()
    {
        GatedEngine engine = new();
        await using TestServer server = await TestServer.WithAsync(engine);
        using TcpClient kept = new();
        await kept.ConnectAsync(IPAddress.Loopback, server.Server.Address.Port);
        Task<HttpResponseMessage> request = server.PostAsync(s_png);
        await engine.EnteredAsync();
        Task stopping = server.Server.StopAsync();
        Assert.False(stopping.IsCompleted);

        engine.Release();
        await (await request).IdsAsync();
        await stopping.WaitAsync(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<HttpRequestException>(() => server.PostAsync(s_png));
    }

    [Fact]
    public async Task Pictures_ManyAtOnce_GoThroughTheNetworkOneByOne()
    {
        GatedEngine engine = new(isOpen: true);
        await using TestServer server = await TestServer.WithAsync(engine, new() { QueueLength = 100 });
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => server.PostAsync(s_png)));
        foreach (HttpResponseMessage answer in answers)
        {
            await answer.IdsAsync();
        }

        Assert.Equal(1, engine.MostAtOnce);
    }

    /// <summary>Waits for what comes about by itself; a minute at most.</summary>
    private static async Task Until(Func<Task<bool>> holds)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        while (!await holds())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
