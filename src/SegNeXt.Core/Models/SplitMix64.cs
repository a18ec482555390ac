namespace SegNeXt.Core;

/// <summary>The generator SplitMix64 (Steele, Lea and Flood, 2014): a state of 64 bits that any seed may begin.</summary>
internal static class SplitMix64
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The upper 24 bits of the next number, as a number in [0, 1).</summary>
    public static float NextUniform(ref ulong state)
    {
        state += Step;
        return Uniform(state);
    }

    /// <summary>What <see cref="NextUniform"/> gives after <paramref name="index"/> others.</summary>
    /// <param name="seed">The state at the beginning.</param>
    /// <param name="index">Which number, from 0.</param>
    public static float UniformAt(ulong seed, ulong index) => Uniform(seed + ((index + 1) * Step));

    private static float Uniform(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        z ^= z >> 31;
        return (z >> 40) * (1f / (1 << 24));
    }
}
