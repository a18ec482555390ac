using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// One block of MSCAN (paper, Figure 2), folded. Batch norms go into the convolutions behind them, layer scales into those
/// before them; the attention's inner shortcut, which leads over <c>norm1</c>, becomes a scale of x per channel and a part
/// of <c>proj_2</c>'s bias.
/// </summary>
internal sealed class BlockWeights : IDisposable
{
    public BlockWeights(ModelTensors weights, string name, int channels, int hidden, int slice, KernelSet kernels)
    {
        string attention = $"{name}.attn", gate = $"{attention}.spatial_gating_unit", mlp = $"{name}.mlp";
        int stride = kernels.Pad(channels);
        AffineNorm norm1 = new(weights, $"{name}.norm1"), norm2 = new(weights, $"{name}.norm2");
        double[] scale1 = Array.ConvertAll(weights.Read($"{name}.layer_scale_1"), v => (double)v);
        double[] scale2 = Array.ConvertAll(weights.Read($"{name}.layer_scale_2"), v => (double)v);

        ProjectIn = new DenseWeights(weights, $"{attention}.proj_1", channels).After(norm1).Pack(kernels, stride);
        Attention = AttentionSlice.Cut(weights, gate, channels, kernels);
        Mixing = new DenseWeights(weights, $"{gate}.conv3", channels).Pack(kernels, stride);

        // x + ls1 · (proj_2(m) + norm1(x)) = (1 + ls1 · s) · x + (ls1 · W) m + ls1 · (b + t)
        DenseWeights projectOut = new(weights, $"{attention}.proj_2", channels);
        for (int c = 0; c < channels; c++)
        {
            projectOut.Bias[c] += norm1.Shift[c];
        }

        ProjectOut = projectOut.Before(scale1).Pack(kernels, stride);
        var shortcut = new float[stride];
        for (int c = 0; c < channels; c++)
        {
            shortcut[c] = (float)(1 + (scale1[c] * norm1.Scale[c]));
        }

        Shortcut = AlignedBuffer.From(shortcut);
        DenseWeights expand = new DenseWeights(weights, $"{mlp}.fc1", channels).After(norm2);

        // The hidden channels are multiples of GELU's unit.
        DenseWeights reduce = new DenseWeights(weights, $"{mlp}.fc2", hidden).Before(scale2).InMultiplesOf(kernels.GeluUnit);
        float[] depthWise = weights.Read($"{mlp}.dwconv.dwconv.weight"), bias = weights.Read($"{mlp}.dwconv.dwconv.bias");
        List<HiddenSlice> slices = [];
        for (int first = 0; first < hidden; first += slice)
        {
            Range range = first..Math.Min(first + slice, hidden);
            int count = range.End.Value - first;
            DepthWiseTaps taps = new(9, kernels.Pad(count));
            TapWeights.Add(taps, depthWise.AsSpan(first * 9, count * 9), bias.AsSpan(first, count), 0);
            taps.Scale(1 / kernels.GeluUnit);
            PackedMatrix back = reduce.Pack(kernels, kernels.Pad(count), inputs: range);
            if (first > 0)
            {
                // The bias is added once.
                back.Bias.Clear();
            }

            slices.Add(new(expand.Pack(kernels, stride, outputs: range), taps, back));
        }

        Hidden = [.. slices];
    }

    public PackedMatrix ProjectIn { get; }

    public AttentionSlice[] Attention { get; }

    public PackedMatrix Mixing { get; }

    public PackedMatrix ProjectOut { get; }

    public AlignedBuffer Shortcut { get; }

    public HiddenSlice[] Hidden { get; }

    public IEnumerable<PackedMatrix> Matrices => [ProjectIn, Mixing, ProjectOut, .. Hidden.SelectMany(slice => new[] { slice.Expand, slice.Reduce })];

    public void Dispose()
    {
        ProjectIn.Dispose();
        Mixing.Dispose();
        ProjectOut.Dispose();
        Shortcut.Dispose();
        Array.ForEach(Attention, slice => slice.Dispose());
        Array.ForEach(Hidden, slice => slice.Dispose());
    }
}
