using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The depth-wise part of multi-scale convolutional attention (paper, Equation 1) for a slice of the channels. No channel
/// meets another here, so a slice's rows stay in the second-level cache.
/// </summary>
/// <remarks>
/// A pair of strips, 1×k and k×1, may change places: down the columns first, then along the rows, needs rows of one map alone, the 5×5
/// convolution's, and no rows of three strips. What has to be seen to is the bias of 1×k, which k×1 does not
/// find above and below the map: near those edges it counts less.
/// </remarks>
internal sealed class AttentionSlice : IDisposable
{
    /// <summary>The strips, k of 1×k and k×1.</summary>
    public static readonly int[] Strips = [7, 11, 21];

    /// <summary>Half of the longest strip.</summary>
    public const int Reach = 10;

    private const int NarrowUpTo = 192, Narrow = 16, Wide = 32;

    private readonly AlignedBuffer _above;
    private readonly AlignedBuffer _below;

    private AttentionSlice(int first, DepthWiseTaps local, DepthWiseTaps[] columns, DepthWiseTaps rows, AlignedBuffer above, AlignedBuffer below)
    {
        First = first;
        Local = local;
        Columns = columns;
        Rows = rows;
        _above = above;
        _below = below;
    }

    /// <summary>The slice's first channel.</summary>
    public int First { get; }

    public int Channels => Local.Channels;

    /// <summary>The 5×5 convolution.</summary>
    public DepthWiseTaps Local { get; }

    /// <summary>7×1, 11×1, 21×1, without biases.</summary>
    public DepthWiseTaps[] Columns { get; }

    /// <summary>The map itself and 1×7, 1×11, 1×21 of the columns, as one sum of 1 + 7 + 11 + 21 taps, with the bias of rows that have all rows around them.</summary>
    public DepthWiseTaps Rows { get; }

    /// <summary>All slices of a block. Early stages have wide maps of few channels, and narrow slices.</summary>
    public static AttentionSlice[] Cut(ModelTensors weights, string gate, int channels, KernelSet kernels)
    {
        int size = channels <= NarrowUpTo ? Narrow : Wide;
        Tensors local = Read("conv0");
        var rows = new Tensors[Strips.Length];
        var columns = new Tensors[Strips.Length];
        int taps = 1;
        for (int i = 0; i < Strips.Length; i++)
        {
            (rows[i], columns[i]) = (Read($"conv{i}_1"), Read($"conv{i}_2"));
            taps += Strips[i];
        }

        List<AttentionSlice> slices = [];
        for (int first = 0; first < channels; first += size)
        {
            int count = Math.Min(size, channels - first), padded = kernels.Pad(count);
            DepthWiseTaps sum = new(taps, padded);
            sum[0][..count].Fill(1);
            AlignedBuffer above = new(Reach * padded), below = new(Reach * padded);
            var down = new DepthWiseTaps[Strips.Length];
            for (int i = 0, at = 1; i < Strips.Length; at += Strips[i], i++)
            {
                down[i] = columns[i].WithoutBias().ToTaps(first, count, kernels);
                rows[i].AddTo(sum, first, count, at);
                AddBias(sum.Bias, rows[i].Bias.AsSpan(first, count), columns[i], first, above, below);
            }

            slices.Add(new(first, local.ToTaps(first, count, kernels), down, sum, above, below));
        }

        return [.. slices];

        Tensors Read(string name) => new(weights.Read($"{gate}.{name}.weight"), weights.Read($"{gate}.{name}.bias"));
    }

    /// <summary>What is to be added to the bias of <see cref="Rows"/> in a row with fewer rows above it than <see cref="Reach"/>.</summary>
    public unsafe float* Above(int rows) => _above.Data + (rows * Channels);

    /// <summary>The same for rows below.</summary>
    public unsafe float* Below(int rows) => _below.Data + (rows * Channels);

    public void Dispose()
    {
        Local.Dispose();
        Rows.Dispose();
        Array.ForEach(Columns, column => column.Dispose());
        _above.Dispose();
        _below.Dispose();
    }

    /// <summary>
    /// The bias that 1×k before k×1 comes to: its own times the sum of the column's weights, and the column's. <c>sum</c> has the own bias once,
    /// from <see cref="Tensors.AddTo"/>.
    /// </summary>
    private static unsafe void AddBias(Span<float> sum, ReadOnlySpan<float> rowBias, Tensors column, int first, AlignedBuffer above, AlignedBuffer below)
    {
        int padded = sum.Length, taps = column.Taps, half = taps / 2;
        for (int c = 0; c < rowBias.Length; c++)
        {
            ReadOnlySpan<float> weights = column.Weight.AsSpan((first + c) * taps, taps);
            double all = 0, cutAbove = 0, cutBelow = 0;
            foreach (float weight in weights)
            {
                all += weight;
            }

            sum[c] += (float)(((all - 1) * rowBias[c]) + column.Bias[first + c]);
            for (int missing = 1; missing <= half; missing++)
            {
                // With half − missing rows above, the first taps read none.
                cutAbove += weights[missing - 1];
                cutBelow += weights[^missing];
                above.Data[((half - missing) * padded) + c] -= (float)(cutAbove * rowBias[c]);
                below.Data[((half - missing) * padded) + c] -= (float)(cutBelow * rowBias[c]);
            }
        }
    }

    /// <summary>A depth-wise convolution as the file has it.</summary>
    private readonly record struct Tensors(float[] Weight, float[] Bias)
    {
        public int Taps => Weight.Length / Bias.Length;

        public void AddTo(DepthWiseTaps taps, int first, int count, int tap) =>
            TapWeights.Add(taps, Weight.AsSpan(first * Taps, count * Taps), Bias.AsSpan(first, count), tap);

        public Tensors WithoutBias() => this with { Bias = new float[Bias.Length] };

        public DepthWiseTaps ToTaps(int first, int count, KernelSet kernels)
        {
            DepthWiseTaps taps = new(Taps, kernels.Pad(count));
            AddTo(taps, first, count, 0);
            return taps;
        }
    }
}
