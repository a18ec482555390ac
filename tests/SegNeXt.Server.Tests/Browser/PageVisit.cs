using Microsoft.Playwright;

namespace SegNeXt.Server.Tests;

/// <summary>A visit of the page: what went wrong in it, and where it asked for anything.</summary>
internal sealed class PageVisit : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private PageVisit(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) => Add(Faults, message.Type is "error" or "warning" ? message.Text : null);
        page.PageError += (_, error) => Add(Faults, error);
        page.Request += (_, request) => Add(Requests, request.Url);
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Errors and warnings of its console, exceptions of its scripts.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>The addresses that it asked.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Opens the page.</summary>
    /// <param name="browser">The browser.</param>
    /// <param name="address">The server's.</param>
    /// <param name="width">Of the window.</param>
    /// <param name="height">Of the window.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="touch">Whether it is a phone's.</param>
    public static async Task<PageVisit> OpenAsync(
        IBrowser browser, Uri address, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light, bool touch = false)
    {
        IBrowserContext context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            HasTouch = touch,
            IsMobile = touch,
            DeviceScaleFactor = touch ? 2 : 1,
            AcceptDownloads = true,
        });
        PageVisit visit = new(context, await context.NewPageAsync());
        visit.Page.SetDefaultTimeout(60_000);
        await visit.Page.GotoAsync(address.ToString());
        await visit.Page.Locator("#knows").WaitForAsync();
        return visit;
    }

    /// <summary>Gives the page a file as the dialogue for choosing one does.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    public Task ChooseAsync(byte[] file, string name = "street.jpg", string type = "image/jpeg") =>
        Page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = type, Buffer = file });

    /// <summary>Waits until a result is shown.</summary>
    public Task DoneAsync() => Page.Locator("#frame[aria-busy=false] canvas:not([width='0'])").WaitForAsync();

    /// <summary>Keeps a picture of the page where <c>SEGNEXT_SCREENSHOTS</c> names a folder, for looking at it.</summary>
    /// <param name="name">What it shows.</param>
    /// <param name="whole">The whole page rather than the window.</param>
    public async Task KeepAsync(string name, bool whole = false)
    {
        if (Environment.GetEnvironmentVariable("SEGNEXT_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await Page.WaitForTimeoutAsync(900);
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = whole });
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private static void Add(List<string> list, string? text)
    {
        if (text is not null)
        {
            lock (list)
            {
                list.Add(text);
            }
        }
    }
}
