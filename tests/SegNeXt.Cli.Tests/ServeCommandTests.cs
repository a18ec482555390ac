using System.Net;
using System.Net.Sockets;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

public sealed class ServeCommandTests
{
    private static readonly string s_model = Path.Combine(TestPaths.Repository, "models", ShippedModel.FileName);

    [Theory]
    [InlineData(false, ExitCode.Interrupted)]
    [InlineData(true, ExitCode.Done)]
    public async Task Serve_UntilStopped_SegmentsAsPredictDoes(bool terminated, int expected)
    {
        using TemporaryFolder folder = new();
        RgbImage street = StreetScenes.Render(5, 160, 120).Image;
        PngWriter.WriteRgb(folder.File("street.png"), street);
        Assert.Equal(ExitCode.Done, CommandRun.Of("predict", "--weights", s_model, "--out", folder.Path + "/masks", "--resize", "96x96", folder.File("street.png")).Code);

        using FirstLine output = new();
        using StringWriter error = new();
        using CancellationTokenSource stop = new();
        Terminal terminal = new(output, error, false, false, stop.Token) { IsTerminated = terminated };
        Task<int> serving = Task.Run(() => CommandLine.Run(["serve", "--weights", s_model, "--port", "0", "--resize", "96x96"], terminal));
        Assert.Same(output.Line, await Task.WhenAny(output.Line, serving).WaitAsync(TimeSpan.FromMinutes(2)));
        using HttpClient client = new() { BaseAddress = new Uri(await output.Line) };
        using HttpResponseMessage answer = await client.PostAsync("v1/segment", new ByteArrayContent(File.ReadAllBytes(folder.File("street.png"))));
        Assert.Equal(ImageFile.ReadLabel(folder.File("masks", "street.png")).Ids, ImageFile.ReadLabel(await answer.Content.ReadAsByteArrayAsync(), "answer").Ids);

        await stop.CancelAsync();
        Assert.Equal(expected, await serving.WaitAsync(TimeSpan.FromMinutes(2)));
        Assert.Contains("POST /v1/segment 200 160x120", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--host", "somewhere", "--host is 'somewhere'; expected an address of this machine")]
    [InlineData("--port", "70000", "--port is '70000'")]
    [InlineData("--max-pixels", "0", "--max-pixels is '0'")]
    [InlineData("--weights", "nowhere.safetensors", "nowhere.safetensors")]
    [InlineData("--crop", "64x64", "--crop belongs to --mode slide")]
    public void Serve_WrongOption_IsRefused(string option, string value, string words) => CommandRun.Of("serve", option, value).ShouldBeRefused(words);

    [Fact]
    public void Serve_PortInUse_IsRefusedInOneSentence()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        CommandRun.Of("serve", "--weights", s_model, "--quiet", "--port", $"{port}").ShouldBeRefused($"Port {port} of 127.0.0.1 is in use", "--port");
    }

    /// <summary>Keeps the first line for whoever waits for it.</summary>
    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            _line.TrySetResult(value!);
        }
    }
}
