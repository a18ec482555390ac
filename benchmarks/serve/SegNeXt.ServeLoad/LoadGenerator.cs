using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SegNeXt.ServeLoad;

/// <summary>Puts a server under load: first as fast as it answers, then faster.</summary>
/// <param name="server">Its address.</param>
/// <param name="picture">The file that is sent over and over.</param>
/// <param name="query">What is asked for, such as <c>?format=json</c>.</param>
internal sealed partial class LoadGenerator(Uri server, byte[] picture, string query = "") : IDisposable
{
    /// <summary>Requests without an answer beyond which none are sent: a server that stands still must not meet a wall of them.</summary>
    private const int MostOpen = 128;

    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = MostOpen + 1 }) { BaseAddress = server, Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>Pictures a second where a few clients ask again as soon as they are answered.</summary>
    /// <param name="time">How long.</param>
    /// <param name="clients">How many.</param>
    public async Task<double> CapacityAsync(TimeSpan time, int clients = 4)
    {
        int done = 0;
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                using HttpResponseMessage answer = await PostAsync();
                answer.EnsureSuccessStatusCode();
                Interlocked.Increment(ref done);
            }
        }));
        return done / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Sends requests at a rate, whatever becomes of them.</summary>
    /// <param name="rate">Requests a second.</param>
    /// <param name="time">How long.</param>
    public async Task<LoadReport> RunAsync(double rate, TimeSpan time)
    {
        ConcurrentBag<(int Status, double Seconds)> answers = [];
        List<Task> sent = [];
        List<double> memory = [await MemoryAsync()];
        int open = 0, heldBack = 0;
        long began = Stopwatch.GetTimestamp();
        TimeSpan asked = TimeSpan.Zero;
        for (int i = 0; ; i++)
        {
            TimeSpan due = TimeSpan.FromSeconds(i / rate), now = Stopwatch.GetElapsedTime(began);
            if (due >= time)
            {
                break;
            }

            if (due > now)
            {
                await Task.Delay(due - now);
            }

            if (Volatile.Read(ref open) >= MostOpen)
            {
                heldBack++;
                continue;
            }

            Interlocked.Increment(ref open);
            sent.Add(SendAsync());
            if (now - asked > TimeSpan.FromSeconds(1))
            {
                asked = now;
                memory.Add(await MemoryAsync());
            }
        }

        await Task.WhenAll(sent);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        memory.Add(await MemoryAsync());
        return new LoadReport(sent.Count, heldBack, seconds, [.. answers], [.. memory]);

        async Task SendAsync()
        {
            long start = Stopwatch.GetTimestamp();
            int status = 0;
            try
            {
                using HttpResponseMessage answer = await PostAsync();
                status = (int)answer.StatusCode;
            }
            catch (HttpRequestException)
            {
                // No answer at all is a status of its own, 0.
            }

            answers.Add((status, Stopwatch.GetElapsedTime(start).TotalSeconds));
            Interlocked.Decrement(ref open);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private Task<HttpResponseMessage> PostAsync() => _client.PostAsync("v1/segment" + query, new ByteArrayContent(picture));

    private async Task<double> MemoryAsync() =>
        double.Parse(Memory().Match(await _client.GetStringAsync("metrics")).Groups[1].Value, CultureInfo.InvariantCulture) / 1e6;

    [GeneratedRegex("^process_resident_memory_bytes (.*)$", RegexOptions.Multiline)]
    private static partial Regex Memory();
}

/// <summary>What became of the requests.</summary>
/// <param name="Sent">How many.</param>
/// <param name="HeldBack">How many were due but not sent, because too many had no answer yet.</param>
/// <param name="Seconds">How long it took until the last answer.</param>
/// <param name="Answers">Status (0 for none) and time of each.</param>
/// <param name="Memory">The server's resident memory in MB: before, about every second, after.</param>
internal sealed record LoadReport(int Sent, int HeldBack, double Seconds, (int Status, double Seconds)[] Answers, double[] Memory)
{
    /// <summary>How many had a status.</summary>
    /// <param name="status">The status.</param>
    public int Count(int status) => Answers.Count(answer => answer.Status == status);

    /// <summary>A quantile of the time of those with a status, in milliseconds.</summary>
    /// <param name="status">The status.</param>
    /// <param name="quantile">0 to 1.</param>
    public double Milliseconds(int status, double quantile)
    {
        double[] times = [.. Answers.Where(answer => answer.Status == status).Select(static answer => answer.Seconds * 1000).Order()];
        return times.Length == 0 ? double.NaN : times[(int)(quantile * (times.Length - 1))];
    }
}
