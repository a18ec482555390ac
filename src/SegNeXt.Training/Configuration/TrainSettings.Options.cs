namespace SegNeXt.Training;

/// <content>What the paper's recipe leaves off.</content>
public sealed partial record TrainSettings
{
    /// <summary>
    /// <c>train.ema</c>: decay of the moving average of the weights that is evaluated and kept as the best, or null for
    /// none; see <see cref="WeightAverage"/>.
    /// </summary>
    public double? Ema { get; init; }

    /// <summary><c>train.early_stop</c>: evaluations without a better mIoU after which a run ends, or null for never.</summary>
    public int? EarlyStop { get; init; }

    /// <summary><c>train.early_stop_delta</c>: by how much more than the best before an mIoU must be to count as better.</summary>
    public double EarlyStopDelta { get; init; }

    /// <summary><c>train.sampler</c>: how often an image comes in an epoch.</summary>
    public Sampler Sampler { get; init; }

    /// <summary>
    /// <c>train.sampler_threshold</c>: t of <see cref="Sampler.ClassBalanced"/>; images with a class that fewer than this
    /// share of the images have come more than once in an epoch.
    /// </summary>
    public double SamplerThreshold { get; init; } = 0.1;

    /// <summary><c>train.freeze</c>: the part of the encoder that keeps the weights it starts with.</summary>
    public FrozenPart Freeze { get; init; }

    /// <summary><c>train.tf32</c>: whether a GPU may round the inputs of products in single precision.</summary>
    public Tf32 Tf32 { get; init; }

    /// <summary><c>train.deterministic</c>: whether cuDNN must give the same numbers every time, which is slower.</summary>
    public bool Deterministic { get; init; }

    /// <summary>
    /// <c>train.rank_timeout</c>: seconds that a rank of data-parallel training waits for the others, at the start and in every
    /// step, before the run ends.
    /// </summary>
    public int RankTimeout { get; init; } = 600;

    /// <summary><c>train.norm_eval</c>: whether batch norms use and keep the statistics they start with.</summary>
    public bool NormEval { get; init; }
}

/// <summary>What moves the weights.</summary>
public enum OptimizerKind
{
    /// <summary><see cref="Torch.AdamW"/>.</summary>
    AdamW,

    /// <summary><see cref="Torch.Muon"/> for matrices, AdamW for the rest.</summary>
    Muon,
}

/// <summary>How often an image comes in an epoch.</summary>
public enum Sampler
{
    /// <summary>Each once.</summary>
    Uniform,

    /// <summary>Those with rare classes more often: repeat factor sampling, <see cref="Data.RepeatFactors"/>.</summary>
    ClassBalanced,
}

/// <summary>A part of the encoder, from its first layer on; a stage is its down-sampling, its blocks and its layer norm.</summary>
public enum FrozenPart
{
    /// <summary>None of it.</summary>
    None,

    /// <summary>The two convolutions in front of stage 1.</summary>
    Stem,

    /// <summary>The stem and stage 1.</summary>
    Stage1,

    /// <summary>The stem and stages 1 and 2.</summary>
    Stage2,

    /// <summary>The stem and stages 1 to 3.</summary>
    Stage3,

    /// <summary>All of it; only the decoder learns.</summary>
    Encoder,
}
