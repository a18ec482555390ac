namespace SegNeXt.Data;

/// <summary>How a <see cref="DataLoader"/> works.</summary>
public sealed record LoaderOptions
{
    /// <summary>Samples in a batch, N.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Threads that prepare samples; 0 for as many as the machine has cores, at most 8.</summary>
    public int Workers { get; init; }

    /// <summary>Batches that may be ready or in preparation ahead of the one being used, at least 1.</summary>
    public int Prefetch { get; init; } = 3;

    /// <summary>The run's seed.</summary>
    public long Seed { get; init; }

    /// <summary>Batches that a resumed run has already had; the next one is what an unbroken run would get.</summary>
    public long StartIteration { get; init; }

    /// <summary>
    /// Samples of the run's sequence that come before <see cref="StartIteration"/>'s batch; null for as many as all processes take
    /// in that many batches of the present size.
    /// </summary>
    public long? StartPosition { get; init; }

    /// <summary>Whether each epoch has an order of its own; otherwise the data set's.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>How often each sample comes in an epoch on average, each at least 1, see <see cref="Data.RepeatFactors"/>; null for once.</summary>
    public IReadOnlyList<double>? RepeatFactors { get; init; }

    /// <summary>Index of this process among those that train together; each gets its share of every step's samples.</summary>
    public int Rank { get; init; }

    /// <summary>Number of processes that train together.</summary>
    public int WorldSize { get; init; } = 1;

    /// <summary>Samples that all processes take together in a step; null for <see cref="Batch"/> from each.</summary>
    public int? StepSamples { get; init; }

    /// <summary>Of the samples of a step, those that come before this process's; null for <see cref="Batch"/> of each lower rank.</summary>
    public int? FirstSample { get; init; }

    /// <summary>
    /// Bytes of decoded samples that are kept in memory, since decoding costs the most; what comes after is decoded each
    /// time. 0 for none. The default is 1 GiB, or an eighth of the machine's memory if that is less.
    /// </summary>
    public long CacheBytes { get; init; } = DefaultCacheBytes;

    /// <summary>
    /// Whether a JPEG that is about to be shrunk to a half or less is decoded at a half, a quarter or an eighth of its size.
    /// That is faster for large photographs, and smoother than the exact pipeline, whose bilinear resize skips pixels
    /// there; the samples differ a little. The cache is not used then.
    /// </summary>
    public bool FastDecode { get; init; }

    /// <summary>The default of <see cref="CacheBytes"/>.</summary>
    public static long DefaultCacheBytes { get; } = Math.Min(1L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);
}
