namespace SegNeXt.Data;

/// <summary>
/// Keeps decoded samples in memory up to a limit. What is in stays in: over shuffled epochs every sample is as likely
/// to come next as any other, so nothing is gained by putting one in another's place.
/// </summary>
/// <typeparam name="T">A decoded sample.</typeparam>
/// <param name="count">Samples in the data set.</param>
/// <param name="read">Reads one from its files.</param>
/// <param name="sizeOf">Its bytes.</param>
/// <param name="limit">Bytes that may be kept, 0 for none.</param>
internal sealed class SampleCache<T>(int count, Func<int, T> read, Func<T, long> sizeOf, long limit)
    where T : class
{
    private readonly T?[] _kept = new T?[count];
    private long _bytes;
    private int _count;

    /// <summary>Samples in memory.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Bytes of pixels and labels in memory; never above the limit.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>A sample from memory, or else from its files. The caller must not change it.</summary>
    public T Load(int index)
    {
        if (Volatile.Read(ref _kept[index]) is T kept)
        {
            return kept;
        }

        T sample = read(index);
        long size = sizeOf(sample);
        if (Reserve(size))
        {
            if (Interlocked.CompareExchange(ref _kept[index], sample, null) is null)
            {
                Interlocked.Increment(ref _count);
            }
            else
            {
                // Another thread has loaded the same one meanwhile.
                Interlocked.Add(ref _bytes, -size);
            }
        }

        return sample;
    }

    private bool Reserve(long size)
    {
        long used = Interlocked.Read(ref _bytes);
        while (used + size <= limit)
        {
            long seen = Interlocked.CompareExchange(ref _bytes, used + size, used);
            if (seen == used)
            {
                return true;
            }

            used = seen;
        }

        return false;
    }
}
