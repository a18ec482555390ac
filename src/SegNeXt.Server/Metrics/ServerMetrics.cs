using System.Collections.Concurrent;

namespace SegNeXt.Server;

/// <summary>What the server has done and is doing, for <c>/metrics</c>. Many threads may count.</summary>
internal sealed class ServerMetrics
{
    private readonly ConcurrentDictionary<(string Route, int Code), StrongBox> _requests = new();
    private readonly Histogram _segment = new();
    private readonly (string Name, Histogram Times)[] _stages =
        [.. ((string[])["upload", "queue", "decode", "network", "encode"]).Select(static name => (name, new Histogram()))];

    private long _pictures;
    private long _pixels;
    private long _inFlight;

    /// <summary>Pictures in the line; set once there is one.</summary>
    public Func<int> Inside { get; set; } = static () => 0;

    /// <summary>Bytes of uploads that are held; set once there is something to ask.</summary>
    public Func<long> UploadBytes { get; set; } = static () => 0;

    /// <summary>A request has come.</summary>
    public void Begin() => Interlocked.Increment(ref _inFlight);

    /// <summary>A request has been answered.</summary>
    /// <param name="route">The pattern of its route, of which there are few.</param>
    /// <param name="code">The status; 499 where the client went first.</param>
    /// <param name="duration">From its headers to the end of the answer.</param>
    public void End(string route, int code, TimeSpan duration)
    {
        Interlocked.Decrement(ref _inFlight);
        Interlocked.Increment(ref _requests.GetOrAdd((route, code), static _ => new StrongBox()).Count);
        if (route == ApiRoutes.Segment && code == 200)
        {
            _segment.Add(duration);
        }
    }

    /// <summary>A picture has been segmented.</summary>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="times">Where its time went.</param>
    public void PictureDone(int width, int height, StageTimes times)
    {
        Interlocked.Increment(ref _pictures);
        Interlocked.Add(ref _pixels, (long)width * height);
        ReadOnlySpan<TimeSpan> all = [times.Upload, times.Queue, times.Decode, times.Network, times.Encode];
        for (int stage = 0; stage < all.Length; stage++)
        {
            _stages[stage].Times.Add(all[stage]);
        }
    }

    /// <summary>The text for Prometheus.</summary>
    public byte[] Write()
    {
        PrometheusText text = new();
        text.Metric("segnext_requests_total", "counter", "Requests answered, by route and status code; 499 where the client went before its answer.");
        foreach (((string route, int code), StrongBox box) in _requests.OrderBy(static entry => entry.Key))
        {
            text.Value("segnext_requests_total", $"route=\"{PrometheusText.Escape(route)}\",code=\"{code}\"", Volatile.Read(ref box.Count));
        }

        text.Metric("segnext_requests_in_flight", "gauge", "Requests that are not answered yet.", Volatile.Read(ref _inFlight));
        text.Metric("segnext_pictures_in_line", "gauge", "Pictures that wait or are at work.", Inside());
        text.Metric("segnext_upload_bytes", "gauge", "Bytes of pictures' files that are held.", UploadBytes());
        text.Metric("segnext_pictures_total", "counter", "Pictures segmented.", Volatile.Read(ref _pictures));
        text.Metric("segnext_pixels_total", "counter", "Pixels of those pictures.", Volatile.Read(ref _pixels));
        text.Metric("segnext_segment_duration_seconds", "histogram", "Requests that got a result, from their headers to the end of the answer.");
        _segment.Write(text, "segnext_segment_duration_seconds", "");
        text.Metric("segnext_stage_duration_seconds", "histogram", "The parts of those: upload, waiting, decoding, network, encoding.");
        foreach ((string name, Histogram times) in _stages)
        {
            times.Write(text, "segnext_stage_duration_seconds", $"stage=\"{name}\"");
        }

        ProcessMetrics.Write(text);
        return text.ToBytes();
    }

    private sealed class StrongBox
    {
        public long Count;
    }
}
