namespace SegNeXt.Data;

/// <summary>
/// Seeds for the many generators of one run. Each is a function of the run's seed, a stream's name and an index, so that what
/// a sample gets does not depend on which thread makes it, or on what was drawn before it.
/// </summary>
public static class Seeds
{
    /// <summary>The seed of one generator.</summary>
    /// <param name="runSeed">The seed of the whole run.</param>
    /// <param name="stream">What the numbers are for, such as <c>shuffle</c>; different names are independent.</param>
    /// <param name="index">Which one: an epoch, the position of a sample.</param>
    public static ulong For(long runSeed, string stream, long index)
    {
        ArgumentNullException.ThrowIfNull(stream);

        // FNV-1a over UTF-16 code units; string.GetHashCode differs from process to process.
        ulong hash = 14695981039346656037;
        foreach (char c in stream)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        ulong state = (ulong)runSeed;
        state = SplitMix(ref state) ^ hash;
        state = SplitMix(ref state) ^ (ulong)index;
        return SplitMix(ref state);
    }

    /// <summary>One step of SplitMix64 (Steele, Lea, Flood, 2014): advances the state and returns its hash.</summary>
    internal static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
