using SegNeXt.Data;
using SegNeXt.ServeLoad;
using SegNeXt.TestUtilities;

namespace SegNeXt.Server.Tests;

/// <summary>More requests than the server can do; <c>benchmarks/serve-load.sh</c> does the same for a minute to a process of its own.</summary>
[Collection(ResidentMemory.Alone)]
public sealed class LoadTests
{
    /// <summary>Far less than pictures that pile up would take, more than the collector's moods.</summary>
    private const double Slack = 150;

    [Fact]
    public async Task TwiceItsCapacity_IsAnsweredOrRefused_AndMemoryStaysFlat()
    {
        await using TestServer server = await TestServer.WithModelAsync(new() { QueueLength = 4 });
        using LoadGenerator load = new(server.Server.Address, JpegWriter.Encode(TestServer.Street(240, 180)), "?format=json");
        double capacity = await load.CapacityAsync(TimeSpan.FromSeconds(1.5));
        LoadReport report = await load.RunAsync(2 * capacity, TimeSpan.FromSeconds(4));

        Assert.Equal(report.Sent, report.Answers.Length);
        Assert.True(report.Count(200) > 0, "Nothing was segmented.");
        Assert.Equal(report.Sent, report.Count(200) + report.Count(429) + report.Count(503));
        Assert.True(report.Memory[^1] < report.Memory[0] + Slack, $"Memory went from {report.Memory[0]:0} to {report.Memory[^1]:0} MB.");
        await (await server.PostAsync(PngWriter.EncodeRgb(TestServer.Street(64, 48)))).IdsAsync();
    }
}
