namespace SegNeXt.Server;

/// <summary>Durations in seconds, counted by buckets as Prometheus has them; many threads may add.</summary>
internal sealed class Histogram
{
    private static readonly double[] s_bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    private readonly long[] _counts = new long[s_bounds.Length + 1];
    private long _ticks;

    /// <summary>Adds one.</summary>
    /// <param name="duration">How long it took.</param>
    public void Add(TimeSpan duration)
    {
        double seconds = duration.TotalSeconds;
        int bucket = 0;
        while (bucket < s_bounds.Length && seconds > s_bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _ticks, duration.Ticks);
    }

    /// <summary>Writes buckets, sum and count.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="name">The metric's name.</param>
    /// <param name="labels">Its labels, such as <c>stage="decode"</c>.</param>
    public void Write(PrometheusText text, string name, string labels)
    {
        string comma = labels.Length == 0 ? "" : ",";
        long count = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            count += Volatile.Read(ref _counts[bucket]);
            string bound = bucket < s_bounds.Length ? s_bounds[bucket].ToString() : "+Inf";
            text.Value($"{name}_bucket", $"{labels}{comma}le=\"{bound}\"", count);
        }

        text.Value($"{name}_sum", labels, TimeSpan.FromTicks(Volatile.Read(ref _ticks)).TotalSeconds);
        text.Value($"{name}_count", labels, count);
    }
}
