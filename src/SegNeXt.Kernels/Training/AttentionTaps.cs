namespace SegNeXt.Kernels;

/// <summary>
/// The seven depth-wise kernels of MSCA as rows of C numbers: all their taps one after the other, then their biases. The
/// gradients by them are summed up in the same layout.
/// </summary>
internal static unsafe class AttentionTaps
{
    /// <summary>Number of kernels: 5×5, then 1×k and k×1 for each k of <see cref="Strips"/>.</summary>
    public const int Kernels = 7;

    /// <summary>Width of the square kernel.</summary>
    public const int Square = 5;

    /// <summary>Rows of all taps and biases.</summary>
    public const int Rows = 110;

    /// <summary>Where the biases begin.</summary>
    public const int Biases = 103;

    /// <summary>Lengths of the strips.</summary>
    public static ReadOnlySpan<int> Strips => [7, 11, 21];

    /// <summary>First row of each kernel.</summary>
    public static ReadOnlySpan<int> First => [0, 25, 32, 39, 50, 61, 82, 103];

    /// <summary>Lays weights out as rows.</summary>
    public static void Pack(AttentionWeights weights, int channels, float* rows)
    {
        for (int k = 0; k < Kernels; k++)
        {
            int taps = First[k + 1] - First[k];
            for (int c = 0; c < channels; c++)
            {
                for (int t = 0; t < taps; t++)
                {
                    rows[((nint)(First[k] + t) * channels) + c] = weights.Kernels[k][(c * taps) + t];
                }

                rows[((nint)(Biases + k) * channels) + c] = weights.KernelBiases[k][c];
            }
        }
    }

    /// <summary>Writes rows in the weights' own layouts.</summary>
    public static void Unpack(float* rows, int channels, AttentionWeights weights)
    {
        for (int k = 0; k < Kernels; k++)
        {
            int taps = First[k + 1] - First[k];
            for (int c = 0; c < channels; c++)
            {
                for (int t = 0; t < taps; t++)
                {
                    weights.Kernels[k][(c * taps) + t] = rows[((nint)(First[k] + t) * channels) + c];
                }

                weights.KernelBiases[k][c] = rows[((nint)(Biases + k) * channels) + c];
            }
        }
    }
}
