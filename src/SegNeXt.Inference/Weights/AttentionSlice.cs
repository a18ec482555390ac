using SegNeXt.Core;
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

    /// <summary>The columns that are summed: the map itself and the strips.</summary>
    public static readonly int[] ColumnLengths = [1, .. Strips];

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
    public static IEnumerable<AttentionSlice> Cut(ModelTensors weights, string gate, int channels, KernelSet kernels)
    {
        int size = channels <= NarrowUpTo ? Narrow : Wide;
        Tensors local = Read("conv0");
        Tensors[] rows = [.. Strips.Select((_, i) => Read($"conv{i}_1"))], columns = [.. Strips.Select((_, i) => Read($"conv{i}_2"))];
        for (int first = 0; first < channels; first += size)
        {
            int count = Math.Min(size, channels - first);
            DepthWiseTaps sum = new(ColumnLengths.Sum(), kernels.Pad(count));
            sum[0][..count].Fill(1);
            for (int i = 0, at = 1; i < Strips.Length; at += Strips[i], i++)
            {
                columns[i].AddTo(sum, first, count, at);
            }

            yield return new(first, local.ToTaps(25, first, count, kernels), [.. rows.Select((row, i) => row.ToTaps(Strips[i], first, count, kernels))], sum);
        }

        Tensors Read(string name) => new(weights.Read($"{gate}.{name}.weight"), weights.Read($"{gate}.{name}.bias"));
    }

    public void Dispose()
    {
        Local.Dispose();
        Columns.Dispose();
        Array.ForEach(Rows, row => row.Dispose());
    }

    /// <summary>A depth-wise convolution as the file has it.</summary>
    private readonly record struct Tensors(float[] Weight, float[] Bias)
    {
        public void AddTo(DepthWiseTaps taps, int first, int count, int tap)
        {
            int kernel = Weight.Length / Bias.Length;
            TapWeights.Add(taps, Weight.AsSpan(first * kernel, count * kernel), Bias.AsSpan(first, count), tap);
        }

        public DepthWiseTaps ToTaps(int kernel, int first, int count, KernelSet kernels)
        {
            DepthWiseTaps taps = new(kernel, kernels.Pad(count));
            AddTo(taps, first, count, 0);
            return taps;
        }
    }
}
