using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Inference;

namespace SegNeXt.Server.Tests;

/// <summary>What the API answers to pictures: what <c>segnext predict</c> gives.</summary>
public sealed class ApiTests
{
    private static readonly RgbImage s_street = TestServer.Street();
    private static readonly byte[] s_png = PngWriter.EncodeRgb(s_street);

    [Fact]
    public async Task Segment_APicture_GivesTheEnginesIds()
    {
        await using TestServer server = await TestServer.WithModelAsync();
        byte[] jpeg = JpegWriter.Encode(s_street);

        Assert.Equal(Predict(s_street), (await (await server.PostAsync(s_png)).IdsAsync()).Ids);
        Assert.Equal(Predict(ImageFile.ReadRgb(jpeg, "jpeg")), (await (await server.PostAsync(jpeg)).IdsAsync()).Ids);
        // The ways in which clients send one.
        using MultipartFormDataContent form = new() { { new StringContent("a note"), "note" }, { new ByteArrayContent(s_png), "anything", "street.png" } };
        Assert.Equal(Predict(s_street), (await (await server.Client.PostAsync("v1/segment", form)).IdsAsync()).Ids);
        using ByteArrayContent likeCurl = new(s_png);
        likeCurl.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        Assert.Equal(Predict(s_street), (await (await server.Client.PostAsync("v1/segment", likeCurl)).IdsAsync()).Ids);
    }

    [Fact]
    public async Task Segment_AsJson_HoldsTheSameMap()
    {
        await using TestServer server = await TestServer.WithModelAsync();
        JsonElement result = await (await server.PostAsync(s_png, "?format=json")).JsonAsync();

        LabelMap map = Answers.Assemble(result);
        Assert.Equal((s_street.Width, s_street.Height), (map.Width, map.Height));
        Assert.Equal(Predict(s_street), map.Ids);
        JsonElement[] classes = [.. result.GetProperty("classes").EnumerateArray()];
        Assert.True(classes.Length > 1, "A map of one class would compare nothing.");
        Assert.Equal(classes.Select(Pixels).OrderDescending(), classes.Select(Pixels));
        Assert.True(result.GetProperty("milliseconds").GetProperty("network").GetDouble() > 0);

        static int Pixels(JsonElement entry) => entry.GetProperty("pixels").GetInt32();
    }

    [Fact]
    public async Task Segment_AsOverlay_IsPredictsOverlay()
    {
        await using TestServer server = await TestServer.WithModelAsync();
        HttpResponseMessage response = await server.PostAsync(s_png, "?format=overlay");
        RgbImage overlay = ImageFile.ReadRgb(await response.Content.ReadAsByteArrayAsync(), "overlay");

        using ManagedSegmenter segmenter = ManagedSegmenter.Open(TestServer.Model);
        ClassSet classes = ClassSet.Of(segmenter.Config);
        Assert.Equal(Overlay.WithLegend(s_street, segmenter.Segment(s_street), classes.Names, classes.Palette).Pixels, overlay.Pixels);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(160)]
    [InlineData(500)]
    public async Task Segment_WithMaxSide_IsPredictsResize(int side)
    {
        await using TestServer server = await TestServer.WithModelAsync();
        byte[] ids = (await (await server.PostAsync(s_png, $"?max_side={side}")).IdsAsync()).Ids;

        // Never larger than it is.
        int box = Math.Min(side, s_street.Width);
        Assert.Equal(Predict(s_street, new TestOptions { BoxWidth = box, BoxHeight = box }), ids);
    }

    [Fact]
    public async Task Segment_TurnedByExif_ComesUpright()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true));
        byte[] turned = Files.WithOrientation(JpegWriter.Encode(s_street), 6);

        LabelMap map = await (await server.PostAsync(turned)).IdsAsync();
        Assert.Equal((s_street.Height, s_street.Width), (map.Width, map.Height));
        Assert.Equal(GatedEngine.Expected(ImageFile.ReadRgb(turned, "turned")).Ids, map.Ids);
    }

    [Theory]
    [InlineData(null, "image/png")]
    [InlineData("*/*", "image/png")]
    [InlineData("image/*", "image/png")]
    [InlineData("application/json", "application/json")]
    [InlineData("image/png;q=0.5, application/json", "application/json")]
    [InlineData("application/json;q=0.5, image/png", "image/png")]
    [InlineData("text/html, application/json;q=0.9, */*;q=0.1", "application/json")]
    public async Task Segment_Accept_ChoosesTheFormat(string? accept, string type)
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true));
        using HttpRequestMessage request = new(HttpMethod.Post, "v1/segment") { Content = new ByteArrayContent(s_png) };
        request.Headers.TryAddWithoutValidation("Accept", accept ?? "");

        HttpResponseMessage response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("network;dur=", response.Headers.GetValues("Server-Timing").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_TellsClassesAndLimits()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(), new() { MaxBodyBytes = 1234, MaxPixels = 99, QueueLength = 7 });
        JsonElement model = await (await server.Client.GetAsync("v1/model")).JsonAsync();

        Assert.Equal("SegNeXt-T", model.GetProperty("name").GetString());
        Assert.Equal(["dark", "bright"], model.GetProperty("classes").EnumerateArray().Select(static entry => entry.GetProperty("name").GetString()));
        Assert.Equal("#f0e0d0", model.GetProperty("classes")[1].GetProperty("color").GetString());
        JsonElement limits = model.GetProperty("limits");
        Assert.Equal([1234, 99, 7], ((string[])["bytes", "pixels", "queue"]).Select(name => limits.GetProperty(name).GetInt32()));
    }

    [Fact]
    public async Task Server_AsItComes_ListensOnLoopbackAlone()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine());
        Assert.Equal("127.0.0.1", server.Server.Address.Host);
        Assert.Equal(IPAddress.Loopback, new ServerOptions().Address);
    }

    [Fact]
    public async Task Server_PortInUse_IsOneSentence()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine());
        InputException error = await Assert.ThrowsAsync<InputException>(
            () => SegmentationServer.StartAsync(new GatedEngine(), new() { Port = server.Server.Address.Port }));
        Assert.Contains($"Port {server.Server.Address.Port} of 127.0.0.1 is in use", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_AddressOfAnotherMachine_IsOneSentence()
    {
        // An address for documentation, which no machine has.
        InputException error = await Assert.ThrowsAsync<InputException>(
            () => SegmentationServer.StartAsync(new GatedEngine(), new() { Address = IPAddress.Parse("192.0.2.1"), Port = 0 }));
        Assert.Contains("192.0.2.1", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Predict(RgbImage image, TestOptions? options = null)
    {
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(TestServer.Model);
        return new TestTimeSegmenter(segmenter, options ?? new()).Predict(image, PredictOutputs.Ids).Ids!.Ids;
    }
}
