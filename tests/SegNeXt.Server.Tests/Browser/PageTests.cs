using Microsoft.Playwright;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Server.Tests;

/// <summary>The page in a real browser: what a visitor does, and what the page does then.</summary>
[Collection(BrowserTest.Name)]
public sealed class PageTests(Chromium chromium)
{
    // A bright half at the left and a dark one at the right.
    private static readonly RgbImage s_halves = Halves(120, 80, 0.25);
    private static readonly byte[] s_png = PngWriter.EncodeRgb(s_halves);

    [SkippableFact]
    public async Task Photograph_Chosen_IsShownWithItsClasses()
    {
        await using TestServer server = await OpenServer();
        await using PageVisit visit = await Visit(server);
        IPage page = visit.Page;
        Assert.Equal("SegNeXt-T", await page.TitleAsync());
        Assert.Equal(["dark", "bright"], await page.Locator("#chips li").AllTextContentsAsync());

        await visit.ChooseAsync(s_png, "halves.png", "image/png");
        await visit.DoneAsync();
        Assert.Equal(["dark", "bright"], await page.Locator("#legend .name").AllTextContentsAsync());
        Assert.Equal(["75 %", "25 %"], await page.Locator("#legend .share").AllTextContentsAsync());
        Assert.Equal("120 × 80", await page.Locator("#file-size").TextContentAsync());
        Assert.Equal(["Decoding", "Network", "In all"], (await page.Locator("#times dt").AllTextContentsAsync()).Where(static name => name != "Waiting"));
        Assert.Contains("dark 75 %, bright 25 %", await page.Locator("#status").TextContentAsync(), StringComparison.Ordinal);
        Assert.Empty(visit.Faults);
        // The colours lie where the classes are; edges are darker.
        Assert.Equal("240,224,208,255", await Pixel(page, 0.1, 0.5));
        Assert.Equal("16,32,48,255", await Pixel(page, 0.9, 0.5));
        Assert.All(visit.Requests, url => Assert.True(url.StartsWith(server.Server.Address.ToString(), StringComparison.Ordinal) || url.StartsWith("blob:", StringComparison.Ordinal), url));
    }

    [SkippableFact]
    public async Task Opacity_ByMouseAndKeyboard_ChangesTheOverlay()
    {
        await using TestServer server = await OpenServer();
        await using PageVisit visit = await Visit(server, s_png);
        IPage page = visit.Page;
        Assert.Equal("0.6", await Opacity());
        await page.Locator("#opacity").FillAsync("30");
        Assert.Equal("0.3", await Opacity());
        await page.Locator("#opacity").PressAsync("ArrowRight");
        Assert.Equal("0.31", await Opacity());
        Assert.Equal("31 %", await page.Locator("#opacity-value").TextContentAsync());

        await page.Locator("#compare").FocusAsync();
        await page.Keyboard.DownAsync(" ");
        Assert.Equal("0", await Opacity());
        await page.Keyboard.UpAsync(" ");
        Assert.Equal("0.31", await Opacity());
        await page.Locator("#compare").HoverAsync();
        await page.Mouse.DownAsync();
        Assert.Equal("0", await Opacity());
        await page.Mouse.UpAsync();
        Assert.Equal("0.31", await Opacity());

        Task<string> Opacity() => page.Locator("#overlay").EvaluateAsync<string>("canvas => getComputedStyle(canvas).opacity");
    }

    [SkippableFact]
    public async Task Legend_HidesShowsAndBringsForward()
    {
        await using TestServer server = await OpenServer();
        await using PageVisit visit = await Visit(server, s_png);
        IPage page = visit.Page;
        ILocator bright = page.GetByRole(AriaRole.Button, new() { Name = "bright" });
        await bright.HoverAsync();
        Assert.EndsWith(",36", await Pixel(page, 0.9, 0.5), StringComparison.Ordinal);
        Assert.EndsWith(",255", await Pixel(page, 0.1, 0.5), StringComparison.Ordinal);

        await bright.ClickAsync();
        await page.Mouse.MoveAsync(0, 0);
        Assert.Equal("false", await bright.GetAttributeAsync("aria-pressed"));
        Assert.EndsWith(",0", await Pixel(page, 0.1, 0.5), StringComparison.Ordinal);
        Assert.EndsWith(",255", await Pixel(page, 0.9, 0.5), StringComparison.Ordinal);
        await page.Locator("#show-all").ClickAsync();
        Assert.EndsWith(",255", await Pixel(page, 0.1, 0.5), StringComparison.Ordinal);

        // By keyboard alone.
        await bright.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("false", await bright.GetAttributeAsync("aria-pressed"));
    }

    [SkippableFact]
    public async Task Pointer_MouseAndArrowKeys_TellTheClass()
    {
        await using TestServer server = await OpenServer();
        await using PageVisit visit = await Visit(server, s_png);
        IPage page = visit.Page;
        LocatorBoundingBoxResult box = (await page.Locator("#frame").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + (0.1f * box.Width), box.Y + 20);
        Assert.Equal("bright", await page.Locator("#tip").TextContentAsync());
        Assert.Equal("bright", await page.Locator("#legend .under .name").TextContentAsync());
        await page.Mouse.MoveAsync(box.X + (0.6f * box.Width), box.Y + 20);
        Assert.Equal("dark", await page.Locator("#tip").TextContentAsync());
        await page.Mouse.MoveAsync(2, 2);
        Assert.True(await page.Locator("#tip").IsHiddenAsync());

        await page.Locator("#frame").FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal("dark, 75 % of the picture", await page.Locator("#spoken").TextContentAsync());
        Assert.True(await page.Locator("#cross").IsVisibleAsync());
        for (int i = 0; i < 6; i++)
        {
            await page.Keyboard.PressAsync("Shift+ArrowLeft");
        }

        Assert.Equal("bright, 25 % of the picture", await page.Locator("#spoken").TextContentAsync());
        await page.Keyboard.PressAsync("Escape");
        Assert.True(await page.Locator("#cross").IsHiddenAsync());
    }

    [SkippableFact]
    public async Task Photograph_DroppedOrPasted_IsTaken()
    {
        await using TestServer server = await OpenServer();
        await using PageVisit visit = await Visit(server);
        IPage page = visit.Page;
        const string Give = """
            ([kind, base64]) => {
              const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
              const data = new DataTransfer();
              data.items.add(new File([bytes], kind + '.png', { type: 'image/png' }));
              document.dispatchEvent(kind === 'paste'
                ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true })
                : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """;
        string file = Convert.ToBase64String(s_png);
        await page.EvaluateAsync(Give, new[] { "dragover", file });
        Assert.True(await page.Locator("#drag").IsVisibleAsync());
        await page.EvaluateAsync(Give, new[] { "drop", file });
        await visit.DoneAsync();
        Assert.True(await page.Locator("#drag").IsHiddenAsync());
        Assert.Equal("drop.png", await page.Locator("#file-name").TextContentAsync());

        await page.EvaluateAsync(Give, new[] { "paste", file });
        await page.GetByText("paste.png").WaitForAsync();
        await visit.DoneAsync();
        Assert.Equal(["75 %", "25 %"], await page.Locator("#legend .share").AllTextContentsAsync());
    }

    [SkippableFact]
    public async Task Downloads_HoldTheIdsAndWhatIsSeen()
    {
        await using TestServer server = await OpenServer();
        await using PageVisit visit = await Visit(server, s_png);
        LabelMap mask = ImageFile.ReadLabel(await Download("#save-mask", "halves-mask.png"), "mask");
        Assert.Equal(GatedEngine.Expected(s_halves).Ids, mask.Ids);

        await visit.Page.Locator("#opacity").FillAsync("50");
        RgbImage overlay = ImageFile.ReadRgb(await Download("#save-overlay", "halves-overlay.png"), "overlay");
        Assert.Equal((120, 80), (overlay.Width, overlay.Height));
        int middle = ((40 * 120) + 10) * 3;
        int expected = (s_halves.Pixels[middle] + 0xF0) / 2;
        Assert.InRange(overlay.Pixels[middle], expected - 2, expected + 2);

        async Task<byte[]> Download(string button, string name)
        {
            IDownload download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.Locator(button).ClickAsync());
            Assert.Equal(name, download.SuggestedFilename);
            return await File.ReadAllBytesAsync(await download.PathAsync());
        }
    }

    [SkippableFact]
    public async Task Detail_Changed_AsksAgain()
    {
        GatedEngine engine = new(isOpen: true);
        await using TestServer server = await TestServer.WithAsync(engine, new() { PageMaxSide = 64 });
        await using PageVisit visit = await Visit(server, s_png);
        Assert.Equal("64", await visit.Page.Locator("#side").InputValueAsync());
        await visit.Page.Locator("#side").SelectOptionAsync("0");
        await visit.DoneAsync();
        Assert.Equal([64, 0], engine.Seen.Select(static test => test.BoxWidth));
    }

    [SkippableTheory]
    [InlineData(2400, 60)]
    [InlineData(60, 2400)]
    [InlineData(2200, 1500)]
    public async Task Photograph_OfAnyShape_FitsAndItsOverlayCoversIt(int width, int height)
    {
        await using TestServer server = await OpenServer();
        await using PageVisit visit = await Visit(server, PngWriter.EncodeRgb(Halves(width, height, 0.5)));
        LocatorBoundingBoxResult photo = (await visit.Page.Locator("#photo").BoundingBoxAsync())!;
        LocatorBoundingBoxResult overlay = (await visit.Page.Locator("#overlay").BoundingBoxAsync())!;
        Assert.Equal((photo.X, photo.Y, photo.Width, photo.Height), (overlay.X, overlay.Y, overlay.Width, overlay.Height));
        Assert.Equal((double)width / height, photo.Width / photo.Height, (double)width / height * 0.05);
        Assert.InRange(photo.Height, 10, 800);
        Assert.EndsWith(",255", await Pixel(visit.Page, 0.1, 0.5), StringComparison.Ordinal);
        await visit.KeepAsync($"shape-{width}x{height}");
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public async Task Photograph_TurnedByExif_AgreesWithItsOverlay(int orientation)
    {
        await using TestServer server = await OpenServer();
        await using PageVisit visit = await PageVisit.OpenAsync(chromium.Browser, server.Server.Address);
        await visit.ChooseAsync(Files.WithOrientation(JpegWriter.Encode(s_halves, 95), orientation));
        await visit.DoneAsync();

        // Where the browser shows bright pixels the overlay has the bright class, and is as large.
        double agreement = await visit.Page.EvaluateAsync<double>("""
            () => {
              const photo = document.querySelector('#photo'), overlay = document.querySelector('#overlay');
              if (photo.naturalWidth !== overlay.width || photo.naturalHeight !== overlay.height) return -1;
              const canvas = document.createElement('canvas');
              [canvas.width, canvas.height] = [overlay.width, overlay.height];
              canvas.getContext('2d').drawImage(photo, 0, 0);
              const shown = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              const mask = overlay.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              let same = 0;
              for (let i = 0; i < shown.length; i += 4) same += (shown[i] > 127) === (mask[i] > 100);
              return same / (shown.length / 4);
            }
            """);
        Assert.InRange(agreement, 0.97, 1);
    }

    private async Task<PageVisit> Visit(TestServer server, byte[]? file = null)
    {
        PageVisit visit = await PageVisit.OpenAsync(chromium.Browser, server.Server.Address);
        if (file is not null)
        {
            await visit.ChooseAsync(file, "halves.png", "image/png");
            await visit.DoneAsync();
        }

        return visit;
    }

    private static Task<TestServer> OpenServer() => TestServer.WithAsync(new GatedEngine(isOpen: true));

    private static RgbImage Halves(int width, int height, double bright)
    {
        RgbImage image = new(width, height);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = i / 3 % width < bright * width ? (byte)220 : (byte)40;
        }

        return image;
    }

    private static Task<string> Pixel(IPage page, double x, double y) => page.Locator("#overlay").EvaluateAsync<string>(
        "(canvas, [x, y]) => [...canvas.getContext('2d').getImageData(Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data].join()", new[] { x, y });
}
