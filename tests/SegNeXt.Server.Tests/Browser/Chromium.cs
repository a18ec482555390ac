using Microsoft.Playwright;

namespace SegNeXt.Server.Tests;

/// <summary>The system's Chromium, started once for the tests of a collection; without one they are skipped.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The browser; skips the test where the machine has none.</summary>
    public IBrowser Browser
    {
        get
        {
            Skip.If(_browser is null, "skipped: no Chromium on this machine; `apt-get install -y --no-install-recommends chromium` brings it");
            return _browser!;
        }
    }

    /// <summary>Where the browser is: <c>SEGNEXT_CHROMIUM</c>, or the first of the usual places; null for nowhere.</summary>
    private static string? Path => Environment.GetEnvironmentVariable("SEGNEXT_CHROMIUM") is { Length: > 0 } named ? named : s_places.FirstOrDefault(File.Exists);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Path is not { } path)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        // Containers offer neither what its sandbox needs nor much shared memory; it sees this test's own pages alone.
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
