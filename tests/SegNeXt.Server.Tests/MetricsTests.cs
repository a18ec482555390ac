using System.Net;
using System.Text.RegularExpressions;
using SegNeXt.Data;

namespace SegNeXt.Server.Tests;

/// <summary>Health and figures.</summary>
public sealed partial class MetricsTests
{
    [Fact]
    public async Task Metrics_AfterRequests_CountThem()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true));
        await (await server.PostAsync(PngWriter.EncodeRgb(TestServer.Street(64, 48)))).IdsAsync();
        await server.PostAsync([1, 2, 3]);
        await server.Client.GetAsync("elsewhere/" + Guid.NewGuid());
        HttpResponseMessage response = await server.Client.GetAsync("metrics");
        string text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Matches(Line(), line));
        Assert.Contains("segnext_requests_total{route=\"/v1/segment\",code=\"200\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("segnext_requests_total{route=\"/v1/segment\",code=\"415\"} 1\n", text, StringComparison.Ordinal);
        // Paths that clients make up must not become labels.
        Assert.Contains("segnext_requests_total{route=\"other\",code=\"404\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("segnext_requests_in_flight 1\n", text, StringComparison.Ordinal);
        Assert.Contains("segnext_pictures_in_line 0\n", text, StringComparison.Ordinal);
        Assert.Contains("segnext_pictures_total 1\n", text, StringComparison.Ordinal);
        Assert.Contains($"segnext_pixels_total {64 * 48}\n", text, StringComparison.Ordinal);
        Assert.Contains("segnext_stage_duration_seconds_count{stage=\"network\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("segnext_segment_duration_seconds_bucket{le=\"+Inf\"} 1\n", text, StringComparison.Ordinal);
        Assert.True(double.Parse(Regex.Match(text, "\nprocess_resident_memory_bytes (.*)\n").Groups[1].Value) > 1e6);
        Assert.Equal(text.Split('\n').Where(static line => line.StartsWith("# TYPE", StringComparison.Ordinal)).Distinct().Count(), TypeLine().Count(text));
    }

    [Fact]
    public void Histogram_Buckets_AreCumulative()
    {
        Histogram histogram = new();
        foreach (double milliseconds in (double[])[1, 5, 5.1, 90_000])
        {
            histogram.Add(TimeSpan.FromMilliseconds(milliseconds));
        }

        PrometheusText text = new();
        histogram.Write(text, "h", "a=\"b\"");
        string[] lines = System.Text.Encoding.UTF8.GetString(text.ToBytes()).TrimEnd('\n').Split('\n');
        Assert.Equal("h_bucket{a=\"b\",le=\"0.005\"} 2", lines[0]);
        Assert.Equal("h_bucket{a=\"b\",le=\"0.01\"} 3", lines[1]);
        Assert.Equal("h_bucket{a=\"b\",le=\"60\"} 3", lines[^4]);
        Assert.Equal("h_bucket{a=\"b\",le=\"+Inf\"} 4", lines[^3]);
        Assert.Equal("h_sum{a=\"b\"} 90.0111", lines[^2]);
        Assert.Equal("h_count{a=\"b\"} 4", lines[^1]);
    }

    [Fact]
    public async Task Health_OfARunningServer_IsGood()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine());
        Assert.Equal("ok\n", await server.Client.GetStringAsync("healthz"));
        Assert.Equal("ready\n", await server.Client.GetStringAsync("readyz"));
        using HttpRequestMessage head = new(HttpMethod.Head, "healthz");
        HttpResponseMessage response = await server.Client.SendAsync(head);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Log_HasOneLineForEachRequest_WhateverItHolds()
    {
        List<string> lines = [];
        await using (TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true), new() { Log = lines.Add }))
        {
            await server.PostAsync(PngWriter.EncodeRgb(TestServer.Street(64, 48)), "?format=json");
            await server.Client.GetAsync("a%0Ab%1B%5B31m" + new string('x', 1000));
        }

        Assert.Equal(2, lines.Count);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT[\d:.]+Z 127\.0\.0\.1 POST /v1/segment\?format=json 200 64x48 [\d.]+ ms$", lines[0]);
        Assert.Matches("404 [0-9.]+ ms not_found$", lines[1]);
        Assert.DoesNotContain(lines[1], char.IsControl);
        Assert.True(lines[1].Length < 400, lines[1]);
    }

    [GeneratedRegex(@"^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+=""[^""]*""(,[a-z]+=""[^""]*"")*\})? [0-9.eE+-]+)$")]
    private static partial Regex Line();

    [GeneratedRegex("^# TYPE", RegexOptions.Multiline)]
    private static partial Regex TypeLine();
}
