using Microsoft.Playwright;
using SegNeXt.Data;

namespace SegNeXt.Server.Tests;

/// <summary>What the page says when something is wrong.</summary>
[Collection(BrowserTest.Name)]
public sealed class PageErrorTests(Chromium chromium)
{
    private static readonly byte[] s_png = PngWriter.EncodeRgb(TestServer.Street(64, 48));

    [SkippableFact]
    public async Task BadPictures_AreNamedAndTheNextOneWorks()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true), new() { MaxBodyBytes = 1 << 16, MaxPixels = 10_000 });
        await using PageVisit visit = await PageVisit.OpenAsync(chromium.Browser, server.Server.Address);
        await Said([], "none.png", "none.png is empty.");
        await Said("no picture"u8.ToArray(), "notes.txt", "notes.txt is not a picture that this browser can read. JPEG and PNG always work.");
        await Said(Files.Zeros(50_000, 50_000, 1), "vast.png", "vast.png has 50000 × 50000 pixels, and this server takes up to 10000. Make it smaller and try again.");
        await Said([.. s_png, .. new byte[1 << 17]], "heavy.png", "heavy.png has 0.1 MB, and this server takes up to 64 kB.");
        await Said(s_png[..^60], "cut.png", "The picture ");
        await visit.KeepAsync("error");

        await visit.ChooseAsync(s_png, "good.png", "image/png");
        await visit.DoneAsync();
        Assert.True(await visit.Page.Locator("#error").IsHiddenAsync());

        async Task Said(byte[] file, string name, string words)
        {
            await visit.ChooseAsync(file, name, "image/png");
            await visit.Page.Locator("#error-text", new() { HasText = words }).WaitForAsync();
            Assert.True(await visit.Page.Locator("#choose").IsVisibleAsync());
            await visit.Page.Locator("#error-close").ClickAsync();
            Assert.True(await visit.Page.Locator("#error").IsHiddenAsync());
        }
    }

    [SkippableFact]
    public async Task BusyServer_IsAskedAgain()
    {
        GatedEngine engine = new();
        await using TestServer server = await TestServer.WithAsync(engine, new() { QueueLength = 0 });
        await using PageVisit visit = await PageVisit.OpenAsync(chromium.Browser, server.Server.Address);
        Task<HttpResponseMessage> other = server.PostAsync(s_png);
        await engine.EnteredAsync();
        await visit.ChooseAsync(s_png, "waits.png", "image/png");
        await visit.Page.GetByText("The server is busy; trying again in").First.WaitForAsync();
        await visit.KeepAsync("busy");

        engine.Release(2);
        await (await other).IdsAsync();
        await visit.DoneAsync();
        Assert.True(await visit.Page.Locator("#error").IsHiddenAsync());
    }

    [SkippableFact]
    public async Task AnotherPhotograph_WhileOneIsAtWork_CancelsIt()
    {
        GatedEngine engine = new();
        await using TestServer server = await TestServer.WithAsync(engine);
        await using PageVisit visit = await PageVisit.OpenAsync(chromium.Browser, server.Server.Address);
        await visit.ChooseAsync(s_png, "first.png", "image/png");
        await engine.EnteredAsync();
        await visit.KeepAsync("working");
        await visit.ChooseAsync(s_png, "second.png", "image/png");
        await engine.EnteredAsync();
        engine.Release();
        await visit.DoneAsync();
        Assert.Equal("second.png", await visit.Page.Locator("#file-name").TextContentAsync());
        Assert.Equal(1, engine.Cancelled);
        Assert.True(await visit.Page.Locator("#error").IsHiddenAsync());
    }

    [SkippableFact]
    public async Task StoppedServer_IsNamed()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true));
        await using PageVisit visit = await PageVisit.OpenAsync(chromium.Browser, server.Server.Address);
        await server.Server.StopAsync();
        await visit.ChooseAsync(s_png, "late.png", "image/png");
        await visit.Page.GetByText("The server cannot be reached. Is it still running?").WaitForAsync();
    }

    [SkippableFact]
    public async Task WebP_IsConvertedByTheBrowser()
    {
        GatedEngine engine = new(isOpen: true);
        await using TestServer server = await TestServer.WithAsync(engine);
        await using PageVisit visit = await PageVisit.OpenAsync(chromium.Browser, server.Server.Address);
        string base64 = await visit.Page.EvaluateAsync<string>("""
            () => {
              const canvas = document.createElement('canvas');
              [canvas.width, canvas.height] = [40, 30];
              canvas.getContext('2d').fillRect(0, 0, 20, 30);
              return canvas.toDataURL('image/webp').split(',')[1];
            }
            """);
        byte[] webp = Convert.FromBase64String(base64);
        Assert.Equal("RIFF"u8.ToArray(), webp[..4]);
        await visit.ChooseAsync(webp, "modern.webp", "image/webp");
        await visit.DoneAsync();
        Assert.Equal("40 × 30", await visit.Page.Locator("#file-size").TextContentAsync());
        Assert.Single(engine.Seen);
    }
}
