using System.Numerics;

namespace SegNeXt.Data;

/// <summary>
/// A small generator of random numbers for samples: xoshiro256** (Blackman and Vigna, 2018), its state filled by
/// SplitMix64. The same seed gives the same numbers on every machine and runtime, which <see cref="Random"/> does not
/// promise. A mutable struct: pass it by reference.
/// </summary>
public struct SampleRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts the sequence of a seed; any value is a good one.</summary>
    /// <param name="seed">For instance from <see cref="Seeds.For"/>.</param>
    public SampleRandom(ulong seed)
    {
        _s0 = Seeds.SplitMix(ref seed);
        _s1 = Seeds.SplitMix(ref seed);
        _s2 = Seeds.SplitMix(ref seed);
        _s3 = Seeds.SplitMix(ref seed);
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number uniform in [0, 1), of 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number uniform in [<paramref name="min"/>, <paramref name="max"/>).</summary>
    /// <param name="min">Lowest value.</param>
    /// <param name="max">Upper end; <paramref name="min"/> itself is returned when both are equal.</param>
    public double NextDouble(double min, double max) => min + ((max - min) * NextDouble());

    /// <summary>An integer uniform in [<paramref name="min"/>, <paramref name="maxExclusive"/>), without bias.</summary>
    /// <param name="min">Lowest value.</param>
    /// <param name="maxExclusive">One more than the highest value.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public int NextInt(int min, int maxExclusive)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(min, maxExclusive);

        // Lemire's multiplication method (ACM TOMACS 29(1), 2019): the low half tells the few values to draw again.
        uint range = (uint)(maxExclusive - (long)min);
        ulong product = (NextUInt64() >> 32) * range;
        if ((uint)product < range)
        {
            uint threshold = (uint)(-range) % range;
            while ((uint)product < threshold)
            {
                product = (NextUInt64() >> 32) * range;
            }
        }

        return (int)(min + (long)(product >> 32));
    }

    /// <summary>True with probability <paramref name="probability"/>.</summary>
    /// <param name="probability">0 (never) to 1 (always).</param>
    public bool NextBool(double probability = 0.5) => NextDouble() < probability;

    /// <summary>A normal number (Box and Muller, 1958; the cosine alone, so that no state is kept between two).</summary>
    /// <param name="mean">Mean.</param>
    /// <param name="deviation">Standard deviation, at least 0.</param>
    public double NextNormal(double mean, double deviation)
    {
        // 1 − u is above 0, so the logarithm is finite.
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return mean + (deviation * radius * Math.Cos(2 * Math.PI * NextDouble()));
    }

    /// <summary>A number of the distribution Beta(<paramref name="shape"/>, <paramref name="shape"/>) (Jöhnk, 1964).</summary>
    /// <param name="shape">Above 0; the time grows steeply with it, so it is meant for a few at most.</param>
    public double NextBeta(double shape)
    {
        while (true)
        {
            double x = Math.Pow(1 - NextDouble(), 1 / shape);
            double y = Math.Pow(1 - NextDouble(), 1 / shape);

            // Of very small shapes both powers may vanish.
            if (x + y is > 0 and <= 1)
            {
                return x / (x + y);
            }
        }
    }

    /// <summary>Puts the items in a random order (Fisher-Yates).</summary>
    /// <typeparam name="T">Any.</typeparam>
    /// <param name="items">Shuffled in place.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(0, i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
