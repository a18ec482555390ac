using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>The way of pictures of one size through the network: memory for all maps, and the phases. For one picture at a time.</summary>
internal sealed unsafe class NetworkPlan : IDisposable
{
    private const int StageMargin = 1;
    private const string NormalisePhase = "normalise";

    private readonly AlignedBuffer _memory;
    private readonly List<Phase> _phases;
    private readonly DecoderPasses _decoder;
    private byte* _picture;
    private nint _pictureStride;
    private Map _normalised;

    public NetworkPlan(NetworkWeights weights, ModelConfig config, KernelSet kernels, int threads, int height, int width)
    {
        Height = height;
        Width = width;
        Arena measure = new(null);
        Build(new PlanBuilder(kernels, threads, measure), weights, config).Dispose();
        _memory = new AlignedBuffer(measure.Peak);
        PlanBuilder plan = new(kernels, threads, new Arena(_memory));
        _decoder = Build(plan, weights, config);
        _phases = plan.Phases;
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Bytes of all maps together.</summary>
    public long Bytes => _memory.Count * sizeof(float);

    public IReadOnlyList<Phase> Phases => _phases;

    /// <summary>The scores of the picture that was last run, classes last.</summary>
    public Map Logits => _decoder.Logits;

    /// <summary>Runs the network.</summary>
    /// <param name="team">The threads, as many as planned for.</param>
    /// <param name="picture">R, G, B, 8 bit each.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="cancellation">Looked at between phases.</param>
    public void Run(ThreadTeam team, byte* picture, nint stride, CancellationToken cancellation)
    {
        _picture = picture;
        _pictureStride = stride;
        foreach (Phase phase in _phases)
        {
            cancellation.ThrowIfCancellationRequested();
            team.For(phase.Items, phase.Body);
        }
    }

    /// <summary>Runs the network on a picture that is normalised already.</summary>
    /// <param name="team">The threads, as many as planned for.</param>
    /// <param name="picture"><c>[3, H, W]</c>.</param>
    internal void RunNormalised(ThreadTeam team, ReadOnlySpan<float> picture)
    {
        _normalised.ClearMarginOf(0, Height);
        for (int i = 0; i < picture.Length; i++)
        {
            int pixel = i % (Height * Width);
            _normalised.Row(pixel / Width)[(pixel % Width * NetworkWeights.PictureStride) + (i / (Height * Width))] = picture[i];
        }

        foreach (Phase phase in _phases.Where(phase => phase.Name != NormalisePhase))
        {
            team.For(phase.Items, phase.Body);
        }
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _memory.Dispose();
    }

    private DecoderPasses Build(PlanBuilder plan, NetworkWeights weights, ModelConfig config)
    {
        Arena arena = plan.Arena;
        int[] inputStages = config.Decoder!.InputStages;
        var outputs = new Map[weights.Stages.Length];
        int h = Height, w = Width;
        for (int i = 0; i < outputs.Length; i++)
        {
            (h, w) = (ConvolutionPasses.Halve(h), ConvolutionPasses.Halve(w));
            (h, w) = i == 0 ? (ConvolutionPasses.Halve(h), ConvolutionPasses.Halve(w)) : (h, w);
            outputs[i] = arena.TakeMap(h, w, plan.Kernels.Pad(weights.Stages[i].Channels), StageMargin);
        }

        // Above this mark lies what only one stage, or the decoder, needs.
        long mark = arena.Mark();
        for (int i = 0; i < outputs.Length; i++)
        {
            AddStage(plan, weights, i, i == 0 ? default : outputs[i - 1], outputs[i], config);
            arena.Release(mark);
        }

        return new DecoderPasses(plan, [.. inputStages.Select(stage => outputs[stage])], weights.Decoder, config);
    }

    private void AddStage(PlanBuilder plan, NetworkWeights weights, int index, Map input, Map output, ModelConfig config)
    {
        StageWeights stage = weights.Stages[index];
        Arena arena = plan.Arena;
        int channels = output.Channels;
        Map x = arena.TakeMap(output.Height, output.Width, channels, 0);
        long mark = arena.Mark();
        if (index == 0)
        {
            input = AddStem(plan, weights, config);
        }

        ConvolutionPasses.AddDownSampling(plan, "down-sampling", input, x, stage.DownSampling, gelu: false);
        arena.Release(mark);

        Map y = arena.TakeMap(output.Height, output.Width, channels, 0);
        Map projected = arena.TakeMap(output.Height, output.Width, channels, AttentionPasses.Margin);
        long scratchSize = stage.Blocks.Max(block => Math.Max(
            AttentionPasses.ScratchSize(x.Width, channels, block), FeedForwardPass.ScratchSize(x.Width, block)));
        ThreadScratch scratch = plan.TakeScratch(scratchSize);
        foreach (BlockWeights block in stage.Blocks)
        {
            AttentionPasses.Add(plan, x, projected, y, block, scratch);
            FeedForwardPass.Add(plan, x, y, block, scratch);
            (x, y) = (y, x);
        }

        ConvolutionPasses.AddLayerNorm(plan, "layer norm", x, output, stage);
    }

    /// <summary>Picture → normalised floats → first convolution and GELU.</summary>
    private Map AddStem(PlanBuilder plan, NetworkWeights weights, ModelConfig config)
    {
        Map picture = plan.Arena.TakeMap(Height, Width, NetworkWeights.PictureStride, StageMargin);
        Map first = plan.Arena.TakeMap(ConvolutionPasses.Halve(Height), ConvolutionPasses.Halve(Width), weights.Stem.PaddedColumns, StageMargin);
        _normalised = picture;
        float[] scale = [.. config.Std.Select(std => (float)(1 / std))];
        float[] mean = [.. config.Mean.Select(value => (float)value)];
        plan.AddBands(NormalisePhase, Height, 16, (_, from, to) =>
        {
            picture.ClearMarginOf(from, to);
            for (int y = from; y < to; y++)
            {
                Normalise(_picture + (y * _pictureStride), picture.Row(y), Width, mean, scale);
            }
        });
        plan.AddBands("stem margin", first.Height, first.Height, (_, from, to) => first.ClearMarginOf(from, to));
        ConvolutionPasses.AddDownSampling(plan, "stem", picture, first, weights.Stem, gelu: true);
        return first;
    }

    private static void Normalise(byte* source, float* target, int pixels, float[] mean, float[] scale)
    {
        (float m0, float m1, float m2) = (mean[0], mean[1], mean[2]);
        (float s0, float s1, float s2) = (scale[0], scale[1], scale[2]);
        for (int x = 0; x < pixels; x++)
        {
            target[0] = (source[0] - m0) * s0;
            target[1] = (source[1] - m1) * s1;
            target[2] = (source[2] - m2) * s2;
            target[3] = 0;
            source += 3;
            target += NetworkWeights.PictureStride;
        }
    }
}
