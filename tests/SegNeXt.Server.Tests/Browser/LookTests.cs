using Microsoft.Playwright;
using SegNeXt.Data;

namespace SegNeXt.Server.Tests;

/// <summary>How the page looks, at a desk and on a phone, by day and by night.</summary>
[Collection(BrowserTest.Name)]
public sealed class LookTests(Chromium chromium)
{
    private static readonly byte[] s_street = JpegWriter.Encode(TestServer.Street(960, 720), 90);

    [SkippableTheory]
    [InlineData("desktop-light", 1280, 800, ColorScheme.Light, false)]
    [InlineData("desktop-dark", 1280, 800, ColorScheme.Dark, false)]
    [InlineData("phone", 390, 844, ColorScheme.Light, true)]
    [InlineData("phone-dark", 390, 844, ColorScheme.Dark, true)]
    [InlineData("small-phone", 320, 568, ColorScheme.Light, true)]
    public async Task Page_AtEverySize_ShowsAllOfItself(string name, int width, int height, ColorScheme scheme, bool touch)
    {
        await using TestServer server = await TestServer.WithModelAsync(new() { PageMaxSide = 480 });
        await using PageVisit visit = await PageVisit.OpenAsync(chromium.Browser, server.Server.Address, width, height, scheme, touch);
        await visit.KeepAsync(name + "-welcome");
        await visit.ChooseAsync(s_street);
        await visit.DoneAsync();
        await visit.KeepAsync(name + "-result");
        await visit.KeepAsync(name + "-whole", whole: true);

        int overhang = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overhang <= 0, $"The page is {overhang} pixels wider than its window.");
        Assert.Empty(visit.Faults);
    }
}
