using System.Diagnostics;

namespace SegNeXt.Publish.Tests;

/// <summary>The published program as a server, with nothing in its environment.</summary>
internal static class ServedPage
{
    /// <summary>Starts it on a port of its own, takes its page, posts a picture, and ends it as a service manager does.</summary>
    /// <param name="program">The program.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="weights">Its model.</param>
    /// <param name="picture">The file that is posted.</param>
    /// <returns>The page, the JSON about the picture, the mask as a PNG, the exit code.</returns>
    public static async Task<(string Page, string Json, byte[] Mask, int Code)> VisitAsync(string program, string folder, string weights, byte[] picture)
    {
        ProcessStartInfo start = new(program, ["serve", "--weights", weights, "--port", "0", "--quiet"]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.Environment.Clear();
        using Process process = Process.Start(start)!;
        try
        {
            using CancellationTokenSource limit = new(TimeSpan.FromMinutes(3));
            string address = await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("The server said no address.");
            using HttpClient client = new() { BaseAddress = new Uri(address) };
            string page = await client.GetStringAsync("", limit.Token);
            using HttpResponseMessage json = await client.PostAsync("v1/segment?format=json", new ByteArrayContent(picture), limit.Token);
            using HttpResponseMessage mask = await client.PostAsync("v1/segment", new ByteArrayContent(picture), limit.Token);
            (string text, byte[] png) = (await json.Content.ReadAsStringAsync(limit.Token), await mask.Content.ReadAsByteArrayAsync(limit.Token));
            Assert.Contains("segnext_pictures_total 2", await client.GetStringAsync("metrics", limit.Token), StringComparison.Ordinal);
            using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
            await process.WaitForExitAsync(limit.Token);
            return (page, text, png, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
