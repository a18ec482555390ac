using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The depth-wise part of multi-scale convolutional attention (paper, Equation 1) for a slice of the channels. No channel
/// meets another here, so a slice's rows of all strips together stay in the second-level cache.
/// </summary>
internal sealed class AttentionSlice : IDisposable
{
    /// <summary>The strips, k of 1×k and k×1.</summary>
    public static readonly int[] Strips = [7, 11, 21];

    private const int NarrowUpTo = 192, Narrow = 16, Wide = 32;

    private AttentionSlice(int first, DepthWiseTaps local, DepthWiseTaps[] rows, DepthWiseTaps columns)
    {
        First = first;
        Local = local;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>The slice's first channel.</summary>
    public int First { get; }

    public int Channels => Local.Channels;

    /// <summary>The 5×5 convolution.</summary>
    public DepthWiseTaps Local { get; }

    /// <summary>1×7, 1×11, 1×21.</summary>
    public DepthWiseTaps[] Rows { get; }

    /// <summary>The map itself and 7×1, 11×1, 21×1, as one sum of 1 + 7 + 11 + 21 taps.</summary>
    public DepthWiseTaps Columns { get; }

    /// <summary>All slices of a block. Early stages have wide maps of few channels, and narrow slices.</summary>
    public static IEnumerable<AttentionSlice> Cut(WeightReader weights, string gate, int channels, KernelSet kernels)
    {
        int size = channels <= NarrowUpTo ? Narrow : Wide;
        for (int first = 0; first < channels; first += size)
        {
            int count = Math.Min(size, channels - first);
            DepthWiseTaps columns = new(1 + Strips.Sum(), kernels.Pad(count));
            columns[0][..count].Fill(1);
            var rows = new DepthWiseTaps[Strips.Length];
            for (int i = 0, at = 1; i < Strips.Length; at += Strips[i], i++)
            {
                rows[i] = new(Strips[i], kernels.Pad(count));
                Read(rows[i], $"{gate}.conv{i}_1", first, count, 0);
                Read(columns, $"{gate}.conv{i}_2", first, count, at);
            }

            DepthWiseTaps local = new(25, kernels.Pad(count));
            Read(local, $"{gate}.conv0", first, count, 0);
            yield return new(first, local, rows, columns);
        }

        void Read(DepthWiseTaps taps, string name, int first, int count, int tap)
        {
            float[] values = weights.Read($"{name}.weight"), bias = weights.Read($"{name}.bias");
            int kernel = values.Length / channels;
            TapWeights.Add(taps, values.AsSpan(first * kernel, count * kernel), bias.AsSpan(first, count), tap);
        }
    }

    public void Dispose()
    {
        Local.Dispose();
        Columns.Dispose();
        Array.ForEach(Rows, row => row.Dispose());
    }
}
