using System.Runtime.ExceptionServices;
using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>A stage of the encoder: the convolution that halves the map, the blocks, the layer norm.</summary>
internal sealed record StageWeights(PackedMatrix DownSampling, BlockWeights[] Blocks, AlignedBuffer NormGain, AlignedBuffer NormBias, int Channels) : IDisposable
{
    public IEnumerable<PackedMatrix> Matrices => [DownSampling, .. Blocks.SelectMany(block => block.Matrices)];

    public void Dispose()
    {
        DownSampling.Dispose();
        Array.ForEach(Blocks, block => block.Dispose());
        NormGain.Dispose();
        NormBias.Dispose();
    }
}

/// <summary>A group norm's gain and bias.</summary>
internal sealed record GroupNormWeights(float[] Gain, float[] Bias, int Groups);

/// <summary>The decoder. <c>Squeeze</c> is cut by the levels that it reads, which it then meets at their own resolution.</summary>
internal sealed record DecoderWeights(
    PackedMatrix[] Squeeze, GroupNormWeights SqueezeNorm, PackedMatrix HamIn, float[] Bases, PackedMatrix HamOut, GroupNormWeights HamNorm,
    PackedMatrix Align, GroupNormWeights AlignNorm, PackedMatrix Classifier) : IDisposable
{
    public IEnumerable<PackedMatrix> Matrices => [.. Squeeze, HamIn, HamOut, Align, Classifier];

    public void Dispose()
    {
        Array.ForEach(Squeeze, level => level.Dispose());
        HamIn.Dispose();
        HamOut.Dispose();
        Align.Dispose();
        Classifier.Dispose();
    }
}

/// <summary>All weights of a segmentation model, folded and packed for one set of kernels.</summary>
internal sealed class NetworkWeights : IDisposable
{
    /// <summary>Floats a pixel of the picture: its three colours and a zero.</summary>
    public const int PictureStride = 4;

    // A slice's weights and rows stay in the second-level cache.
    private const int GoodSlice = 128, MostSlice = 160;

    public NetworkWeights(ModelTensors weights, KernelSet kernels, ThreadTeam team, float[]? bases = null)
    {
        ModelConfig config = weights.Config;
        MscanConfig encoder = config.RequireMscan("The managed engine");
        string stem = "backbone.patch_embed1.proj";
        int half = encoder.EmbedDims[0] / 2;
        AffineNorm first = new(weights, $"{stem}.1"), second = new(weights, $"{stem}.4");
        Stem = new DenseWeights(weights, $"{stem}.0", 3).Before(first.Scale, first.Shift).Pack(kernels, PictureStride);
        Stages = new StageWeights[encoder.EmbedDims.Length];
        List<Action> folding = [];
        for (int i = 0; i < Stages.Length; i++)
        {
            int channels = encoder.EmbedDims[i];
            int hidden = channels * encoder.MlpRatios[i];
            string embed = $"backbone.patch_embed{i + 1}";
            PackedMatrix down = i == 0
                ? new DenseWeights(weights, $"{stem}.3", half).Before(second.Scale, second.Shift).Pack(kernels, kernels.Pad(half))
                : DownSampling(weights, embed, encoder.EmbedDims[i - 1], kernels);
            var blocks = new BlockWeights[encoder.Depths[i]];
            string prefix = $"backbone.block{i + 1}";
            for (int b = 0; b < blocks.Length; b++)
            {
                int block = b;
                folding.Add(() => blocks[block] = new BlockWeights(weights, $"{prefix}.{block}", channels, hidden, SliceOf(hidden, kernels), kernels));
            }

            Stages[i] = new(down, blocks, Padded(weights.Read($"backbone.norm{i + 1}.weight"), kernels), Padded(weights.Read($"backbone.norm{i + 1}.bias"), kernels), channels);
        }

        DecoderWeights? decoder = null;
        folding.Add(() => decoder = ReadDecoder(weights, config, kernels, bases));
        RunAll(team, folding);
        Decoder = decoder!;
    }

    public PackedMatrix Stem { get; }

    public StageWeights[] Stages { get; }

    public DecoderWeights Decoder { get; }

    /// <summary>The dense convolutions.</summary>
    public IEnumerable<PackedMatrix> Matrices => [Stem, .. Stages.SelectMany(stage => stage.Matrices), .. Decoder.Matrices];

    public void Dispose()
    {
        Stem.Dispose();
        Array.ForEach(Stages, stage => stage.Dispose());
        Decoder.Dispose();
    }

    /// <summary>Hidden channels of a slice: whole vectors, and an even number of slices where there is one, for two threads to share.</summary>
    private static int SliceOf(int hidden, KernelSet kernels)
    {
        int count = (hidden + GoodSlice - 1) / GoodSlice, fewer = Math.Max(1, count - 1), size = hidden / fewer;
        return count % 2 != 0 && size * fewer == hidden && size <= MostSlice && size % kernels.VectorLength == 0 ? size : GoodSlice;
    }

    /// <summary>Runs on all threads; the first fault comes out as itself.</summary>
    private static void RunAll(ThreadTeam team, List<Action> actions)
    {
        try
        {
            // The largest come last in the file: they go first here.
            team.For(actions.Count, (_, i) => actions[^(i + 1)]());
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }
    }

    private static PackedMatrix DownSampling(ModelTensors weights, string name, int inputs, KernelSet kernels)
    {
        AffineNorm norm = new(weights, $"{name}.norm");
        return new DenseWeights(weights, $"{name}.proj", inputs).Before(norm.Scale, norm.Shift).Pack(kernels, kernels.Pad(inputs));
    }

    private static DecoderWeights ReadDecoder(ModelTensors weights, ModelConfig config, KernelSet kernels, float[]? givenBases)
    {
        DecoderConfig decoder = config.Decoder!;
        const string Head = "decode_head";
        int stride = kernels.Pad(decoder.HamChannels), groups = decoder.GroupNormGroups;
        int[] levels = Array.ConvertAll(decoder.InputStages, stage => config.Encoder.EmbedDims[stage]);
        int inputs = 0;
        foreach (int channels in levels)
        {
            inputs += channels;
        }

        DenseWeights squeeze = new(weights, $"{Head}.squeeze.conv", inputs);
        var parts = new PackedMatrix[levels.Length];
        for (int i = 0, from = 0; i < levels.Length; from += levels[i], i++)
        {
            parts[i] = squeeze.Pack(kernels, kernels.Pad(levels[i]), inputs: from..(from + levels[i]));
        }

        float[] bases = givenBases ?? (weights.Has(ModelLayout.BasesName) ? weights.Read(ModelLayout.BasesName) : NmfBases.Default(decoder.HamChannels, decoder.NmfRank));
        return new(
            parts,
            Norm($"{Head}.squeeze.gn"),
            new DenseWeights(weights, $"{Head}.hamburger.ham_in.conv", decoder.HamChannels).Pack(kernels, stride),
            bases,
            new DenseWeights(weights, $"{Head}.hamburger.ham_out.conv", decoder.HamChannels).Pack(kernels, stride),
            Norm($"{Head}.hamburger.ham_out.gn"),
            new DenseWeights(weights, $"{Head}.align.conv", decoder.HamChannels).Pack(kernels, stride),
            Norm($"{Head}.align.gn"),
            new DenseWeights(weights, $"{Head}.conv_seg", decoder.Channels).Pack(kernels, kernels.Pad(decoder.Channels)));

        GroupNormWeights Norm(string name) => new(weights.Read($"{name}.weight"), weights.Read($"{name}.bias"), groups);
    }

    private static AlignedBuffer Padded(float[] values, KernelSet kernels)
    {
        Array.Resize(ref values, kernels.Pad(values.Length));
        return AlignedBuffer.From(values);
    }
}
