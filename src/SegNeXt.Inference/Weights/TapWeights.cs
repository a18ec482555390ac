using System.Runtime.CompilerServices;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>From PyTorch's depth-wise weights to rows of channels.</summary>
internal static class TapWeights
{
    /// <summary>Sets weights <c>[channels, 1, kh, kw]</c> as taps from a given one on, and adds the bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(DepthWiseTaps taps, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int first)
    {
        int count = weights.Length / bias.Length;
        Span<float> sum = taps.Bias;
        for (int c = 0; c < bias.Length; c++)
        {
            sum[c] += bias[c];
        }

        for (int t = 0; t < count; t++)
        {
            Span<float> tap = taps[first + t];
            for (int c = 0; c < bias.Length; c++)
            {
                tap[c] = weights[(c * count) + t];
            }
        }
    }
}
