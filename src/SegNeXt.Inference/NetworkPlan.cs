using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>The way of pictures of one size through the network: memory for all maps, and the phases. For one picture at a time.</summary>
internal sealed unsafe class NetworkPlan : IDisposable
{
    private const int StageMargin = 1;

    private readonly List<Phase> _phases;
    private readonly DecoderPasses _decoder;
    private readonly PictureRows _picture;

    /// <summary>Plans.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="config">The model.</param>
    /// <param name="kernels">The kernels that the weights are packed for.</param>
    /// <param name="threads">Threads of the team that will run it.</param>
    /// <param name="height">Rows of the pictures.</param>
    /// <param name="width">Columns of the pictures.</param>
    /// <param name="memory">Where the maps go; it stays the caller's.</param>
    public NetworkPlan(NetworkWeights weights, ModelConfig config, KernelSet kernels, int threads, int height, int width, WorkMemory memory)
        : this(weights, config, kernels, threads, height, width, memory.Take(FloatsFor(weights, config, kernels, threads, height, width)))
    {
    }

    private NetworkPlan(NetworkWeights weights, ModelConfig config, KernelSet kernels, int threads, int height, int width, AlignedBuffer? memory)
    {
        Height = height;
        Width = width;
        _picture = new PictureRows(config.Mean, config.Std);
        PlanBuilder plan = new(kernels, threads, new Arena(memory));
        _decoder = Build(plan, weights, config);
        _phases = plan.Phases;
        Upsampling = new UpsamplePasses(plan, _decoder.Logits, config.NumClasses, height, width);
        Floats = plan.Arena.Peak;
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Floats of all maps together.</summary>
    public long Floats { get; }

    /// <summary>The network's phases, in order.</summary>
    public IReadOnlyList<Phase> Phases => _phases;

    /// <summary>The scores of the picture that was last run, classes last.</summary>
    public Map Logits => _decoder.Logits;

    /// <summary>What may follow: scores or ids at the picture's size.</summary>
    public UpsamplePasses Upsampling { get; }

    /// <summary>Floats that the maps of pictures of a size take together.</summary>
    public static long FloatsFor(NetworkWeights weights, ModelConfig config, KernelSet kernels, int threads, int height, int width)
    {
        using NetworkPlan measured = new(weights, config, kernels, threads, height, width, memory: (AlignedBuffer?)null);
        return measured.Floats;
    }

    /// <summary>Runs the network.</summary>
    /// <param name="team">The threads, as many as planned for.</param>
    /// <param name="first">The picture's first byte.</param>
    /// <param name="view">The picture.</param>
    /// <param name="cancellation">Looked at between phases.</param>
    public void Run(ThreadTeam team, byte* first, PixelView view, CancellationToken cancellation)
    {
        _picture.Set(first, view);
        Run(team, cancellation);
    }

    /// <summary>Runs the network on a picture that is normalised already.</summary>
    /// <param name="team">The threads, as many as planned for.</param>
    /// <param name="picture"><c>[3, H, W]</c>.</param>
    internal void RunNormalised(ThreadTeam team, float* picture)
    {
        _picture.Set(picture, Height, Width);
        Run(team, CancellationToken.None);
    }

    /// <summary>Runs the network's phases from the last to the first, for no result but their code; the maps hold whatever numbers.</summary>
    /// <param name="team">The threads, as many as planned for.</param>
    /// <param name="first">Any picture's first byte.</param>
    /// <param name="view">The picture.</param>
    internal void RunBackwards(ThreadTeam team, byte* first, PixelView view)
    {
        _picture.Set(first, view);
        for (int i = _phases.Count - 1; i >= 0; i--)
        {
            team.For(_phases[i].Items, _phases[i].Body);
        }

        _picture.Clear();
    }

    public void Dispose() => _decoder.Dispose();

    private void Run(ThreadTeam team, CancellationToken cancellation)
    {
        foreach (Phase phase in _phases)
        {
            cancellation.ThrowIfCancellationRequested();
            team.For(phase.Items, phase.Body);
        }

        _picture.Clear();
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
            AddStage(plan, weights, i, i == 0 ? default : outputs[i - 1], outputs[i]);
            arena.Release(mark);
        }

        return new DecoderPasses(plan, [.. inputStages.Select(stage => outputs[stage])], weights.Decoder, config);
    }

    private void AddStage(PlanBuilder plan, NetworkWeights weights, int index, Map input, Map output)
    {
        StageWeights stage = weights.Stages[index];
        Arena arena = plan.Arena;
        int channels = output.Channels;
        Map x = arena.TakeMap(output.Height, output.Width, channels, 0);
        long mark = arena.Mark();
        if (index == 0)
        {
            StemPass.Add(plan, _picture, Height, Width, x, weights);
        }
        else
        {
            ConvolutionPasses.AddDownSampling(plan, input, x, stage.DownSampling);
        }

        arena.Release(mark);

        Map y = arena.TakeMap(output.Height, output.Width, channels, 0);
        BlockPasses blocks = new(plan, x.Height, x.Width, channels, stage.Blocks);
        foreach (BlockWeights block in stage.Blocks)
        {
            blocks.Add(x, y, block);
            (x, y) = (y, x);
        }

        ConvolutionPasses.AddLayerNorm(plan, "layer norm", x, blocks.Pending, output, stage);
    }
}
