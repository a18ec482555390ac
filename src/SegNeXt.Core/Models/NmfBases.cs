namespace SegNeXt.Core;

/// <summary>
/// The evaluation bases of the hamburger's NMF for a model file that stores none: one fixed set for given sizes, the
/// same on every machine and in both engines.
/// </summary>
/// <remarks>
/// The released code draws new bases at every forward pass, uniform in [0, 1) and L2-normalised over channels
/// (<c>NMF2D</c> in <c>hamburger.py</c>); this is one such draw, by SplitMix64 from a fixed seed.
/// </remarks>
public static class NmfBases
{
    private const ulong Seed = 0x5E67_4E58;

    /// <summary>The set for D channels and R bases.</summary>
    /// <param name="dim">Channels D, at least 1.</param>
    /// <param name="rank">Bases R, at least 1.</param>
    /// <returns><c>[D, R]</c>, row-major; each column has L2 norm 1.</returns>
    public static float[] Default(int dim, int rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dim, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        var bases = new float[dim * rank];
        ulong state = Seed;
        for (int i = 0; i < bases.Length; i++)
        {
            bases[i] = SplitMix64.NextUniform(ref state);
        }

        for (int r = 0; r < rank; r++)
        {
            double squares = 0;
            for (int d = 0; d < dim; d++)
            {
                squares += (double)bases[(d * rank) + r] * bases[(d * rank) + r];
            }

            double norm = Math.Max(Math.Sqrt(squares), 1e-12);
            for (int d = 0; d < dim; d++)
            {
                bases[(d * rank) + r] = (float)(bases[(d * rank) + r] / norm);
            }
        }

        return bases;
    }
}
