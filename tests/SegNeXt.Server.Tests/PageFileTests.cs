using System.Net;
using System.Text;

namespace SegNeXt.Server.Tests;

/// <summary>The page's files: few, small, from here alone.</summary>
public sealed class PageFileTests
{
    [Fact]
    public void Files_Together_AreSmall()
    {
        Assert.Contains("index.html", PageFiles.Names);
        Assert.InRange(PageFiles.Names.Sum(static name => PageFiles.Read("page/" + name).Length), 10_000, 64 << 10);
    }

    [Fact]
    public void Files_NameNoOtherHostAndNoInlineCode()
    {
        foreach (string name in PageFiles.Names)
        {
            string text = Encoding.UTF8.GetString(PageFiles.Read("page/" + name)).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.DoesNotContain("http:", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("https:", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("innerHTML", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch("<[a-z][^>]* (style|on[a-z]+)=", text);
            Assert.DoesNotMatch("(href|src|url\\()=?\"?//", text);
        }
    }

    [Fact]
    public async Task Page_IsServedWithItsPolicyAndKeptByBrowsers()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine());
        HttpResponseMessage page = await server.Client.GetAsync("");
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        string policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());

        using HttpRequestMessage again = new(HttpMethod.Get, "");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await server.Client.SendAsync(again)).StatusCode);
        foreach (string name in PageFiles.Names.Where(static name => name != "index.html"))
        {
            HttpResponseMessage file = await server.Client.GetAsync(name);
            Assert.Equal(PageFiles.Read("page/" + name), await file.Content.ReadAsByteArrayAsync());
        }
    }
}
