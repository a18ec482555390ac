using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// Finds out which of a network's products may multiply their numbers in pairs, by a test picture: those that are as exact then. The picture is always the
/// same, and one thread runs it, so that the answer is too, for any number of threads.
/// </summary>
internal static class Pairing
{
    private const string Variable = "SEGNEXT_PAIRS";
    private const int Side = 96;

    /// <summary>Whether to do so: where the processor gains by it, unless the environment says yes or no.</summary>
    public static bool Pays => Environment.GetEnvironmentVariable(Variable) switch
    {
        "yes" => true,
        "no" => false,
        _ => KernelSet.PairsPay,
    };

    /// <summary>Runs the test picture, and gets the weights ready.</summary>
    public static void Run(NetworkWeights weights, ModelConfig config, KernelSet kernels, ThreadTeam team)
    {
        // Beyond a map's channels there have to be zeros; beyond the classes nobody reads.
        PackedMatrix[] matrices = [.. weights.Matrices.Where(matrix => matrix.Columns == matrix.PaddedColumns || matrix == weights.Decoder.Classifier)];
        Array.ForEach(matrices, KernelSet.Observe);
        team.For(2, (_, part) =>
        {
            if (part == 0)
            {
                RunPicture(weights, config, kernels);
            }
            else if (team.Threads > 1)
            {
                // A second thread has nothing else to do.
                kernels.CompilePairs();
            }
        });

        // The largest come last in the list: they go first here.
        team.For(matrices.Length, (_, i) => kernels.Pair(matrices[^(i + 1)]));
    }

    private static unsafe void RunPicture(NetworkWeights weights, ModelConfig config, KernelSet kernels)
    {
        byte[] picture = Picture();
        using WorkMemory memory = new();
        using NetworkPlan plan = new(weights, config, kernels, threads: 1, Side, Side, memory);
        using ThreadTeam one = new(1);
        fixed (byte* first = picture)
        {
            plan.Run(one, first, new PixelView(picture, Side, Side), CancellationToken.None);
        }
    }

    /// <summary>Waves of several lengths, edges and noise: something of what photographs have.</summary>
    private static byte[] Picture()
    {
        var picture = new byte[Side * Side * 3];
        uint noise = 1;
        for (int i = 0; i < picture.Length; i++)
        {
            (int y, int x, int colour) = (i / 3 / Side, i / 3 % Side, i % 3);
            noise = (noise * 1664525) + 1013904223;
            double wave = Math.Sin((x * (0.05 + (0.03 * colour))) + (y * 0.04)) * Math.Cos((y * (0.17 - (0.05 * colour))) - (x * 0.02));
            int edge = ((x / 24) + (y / 16)) % 2 == 0 ? 30 : -30, grain = (int)(noise >> 24) % 41;
            picture[i] = (byte)Math.Clamp(98 + (60 * wave) + edge + grain, 0, 255);
        }

        return picture;
    }
}
