using System.Net;
using System.Net.Http.Headers;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Server.Tests;

/// <summary>What cannot be segmented is refused with a reason, and the server goes on.</summary>
public sealed class BadInputTests
{
    private static readonly byte[] s_png = PngWriter.EncodeRgb(TestServer.Street(64, 48));
    private static readonly byte[] s_jpeg = JpegWriter.Encode(TestServer.Street(64, 48));

    [Fact]
    public async Task BadPictures_AreRefusedEachWithItsReason()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true));
        await Refused([], HttpStatusCode.BadRequest, "bad_picture", "empty");
        await Refused("just text"u8.ToArray(), HttpStatusCode.UnsupportedMediaType, "unsupported_picture", "text file", "JPEG and PNG");
        await Refused("GIF89a......"u8.ToArray(), HttpStatusCode.UnsupportedMediaType, "unsupported_picture", "GIF");
        await Refused(s_jpeg[..^(s_jpeg.Length / 3)], HttpStatusCode.BadRequest, "bad_picture", "incomplete");
        await Refused(s_jpeg[..30], HttpStatusCode.BadRequest, "bad_picture", "The picture");
        await Refused(s_png[..^40], HttpStatusCode.BadRequest, "bad_picture", "The picture");
        await Refused([.. s_png[..80], (byte)(s_png[80] ^ 1), .. s_png[81..]], HttpStatusCode.BadRequest, "bad_picture", "damaged");

        // A header that claims what no server has room for, and a file that would unfold into it.
        await Refused(Files.Zeros(50_000, 50_000, 1), HttpStatusCode.RequestEntityTooLarge, "too_many_pixels", "50000×50000");
        await Refused(Files.Zeros(20_000, 20_000, 2000), HttpStatusCode.RequestEntityTooLarge, "too_many_pixels", "20000×20000");
        await Refused(Files.Zeros(5_000, 5_000, 3), HttpStatusCode.BadRequest, "bad_picture", "far more than its");
        await (await server.PostAsync(s_png)).IdsAsync();

        async Task Refused(byte[] file, HttpStatusCode status, string code, params string[] words) =>
            await (await server.PostAsync(file)).ShouldBeRefusedAsync(status, code, words);
    }

    [Theory]
    [InlineData("?format=bmp", "format must be png, json or overlay")]
    [InlineData("?max_side=0", "max_side must be a whole number from 32")]
    [InlineData("?max_side=1e3", "max_side must be a whole number from 32")]
    [InlineData("?max_side=99999999999", "max_side must be a whole number from 32")]
    public async Task BadParameters_AreRefused(string query, string words)
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true));
        await (await server.PostAsync(s_png, query)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "bad_parameter", words);
    }

    [Fact]
    public async Task BadForms_AreRefused()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true));
        using MultipartFormDataContent empty = new() { { new StringContent("x"), "note" } };
        await (await server.Client.PostAsync("v1/segment", empty)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "bad_form", "holds no file");
        await Refused("multipart/form-data", "x", "boundary");
        await Refused("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\ncut short", "damaged or cut short");
        await Refused("multipart/form-data; boundary=b", "no part at all", "damaged or cut short");
        await Refused("multipart/form-data; boundary=b", "--b--\r\n", "holds no file");

        async Task Refused(string type, string body, string words)
        {
            using ByteArrayContent content = new(System.Text.Encoding.ASCII.GetBytes(body));
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            await (await server.Client.PostAsync("v1/segment", content)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "bad_form", words);
        }
    }

    [Fact]
    public async Task OddRequests_AreRefusedInJson()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true));
        await (await server.Client.GetAsync("nowhere")).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "not_found", "/openapi.json");
        HttpResponseMessage got = await server.Client.GetAsync("v1/segment");
        await got.ShouldBeRefusedAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed", "POST");
        Assert.Contains("POST", got.Content.Headers.Allow);
        using ByteArrayContent packed = new(s_png);
        packed.Headers.ContentEncoding.Add("gzip");
        await (await server.Client.PostAsync("v1/segment", packed)).ShouldBeRefusedAsync(HttpStatusCode.UnsupportedMediaType, "content_encoding");
        await Sent("Accept", "text/html", HttpStatusCode.NotAcceptable, "not_acceptable");
        await Sent("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden, "cross_site");

        async Task Sent(string header, string value, HttpStatusCode status, string code)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "v1/segment") { Content = new ByteArrayContent(s_png) };
            request.Headers.Add(header, value);
            await (await server.Client.SendAsync(request)).ShouldBeRefusedAsync(status, code);
        }
    }

    [Fact]
    public async Task DamagedFiles_NeverEndInAFaultOfTheServer()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true));
        Random random = new(7);
        for (int i = 0; i < 300; i++)
        {
            byte[] file = [.. i % 2 == 0 ? s_png : s_jpeg];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                file[random.Next(file.Length)] = (byte)random.Next(256);
            }

            HttpResponseMessage response = await server.PostAsync(file[..random.Next(1, file.Length + 1)]);
            Assert.True((int)response.StatusCode is 200 or 400 or 413 or 415, $"{i}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    [SkippableFact]
    public async Task SharedBadPictures_AreRefusedOrSegmented()
    {
        string folder = TestPaths.RequireShared("data", "bad-images");
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true));
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(static file => new FileInfo(file).Length < 20 << 20)];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            HttpResponseMessage response = await server.PostAsync(await File.ReadAllBytesAsync(file));
            Assert.True((int)response.StatusCode is 200 or 400 or 413 or 415, $"{file}: {(int)response.StatusCode}");
        }
    }
}
