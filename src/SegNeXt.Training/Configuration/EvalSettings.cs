namespace SegNeXt.Training;

/// <summary>Section <c>eval</c>: how and when the model is evaluated.</summary>
public sealed record EvalSettings
{
    /// <summary><c>eval.interval</c>: iterations between two evaluations, at least 1; one more follows the last iteration.</summary>
    public int Interval { get; init; } = 1000;

    /// <summary><c>eval.mode</c>: whole images or sliding crops.</summary>
    public EvalMode Mode { get; init; } = EvalMode.Whole;

    /// <summary><c>eval.crop</c>, <c>HxW</c>: the crop of <see cref="EvalMode.Slide"/>.</summary>
    public ImageSize? Crop { get; init; }

    /// <summary><c>eval.stride</c>, <c>HxW</c>: the step of <see cref="EvalMode.Slide"/>, at most the crop.</summary>
    public ImageSize? Stride { get; init; }

    /// <summary><c>eval.split</c>: the split, or null for <c>data.val_split</c>.</summary>
    public string? Split { get; init; }

    /// <summary><c>eval.resize</c>, written <c>WxH</c>: the box that images are fitted into first, their proportions kept; null for their own size.</summary>
    public ImageSize? Resize { get; init; }

    /// <summary><c>eval.multiple</c>: after that, both sides are stretched up to a multiple of this; 1 to leave them.</summary>
    public int Multiple { get; init; } = 1;

    /// <summary><c>eval.scales</c>: ratios at which an image is tested, the probabilities averaged; the paper's are 0.5 to 1.75 in steps of 0.25.</summary>
    public NumberList Scales { get; init; } = new(1.0);

    /// <summary><c>eval.flip</c>: whether each scale is tested mirrored left to right as well.</summary>
    public bool Flip { get; init; }
}

/// <summary>How an image goes through the network at evaluation.</summary>
public enum EvalMode
{
    /// <summary>All at once.</summary>
    Whole,

    /// <summary>In overlapping crops whose scores are averaged.</summary>
    Slide,
}

/// <summary>Section <c>checkpoint</c>.</summary>
public sealed record CheckpointSettings
{
    /// <summary><c>checkpoint.interval</c>: iterations between two checkpoints, at least 1; one more follows the last iteration.</summary>
    public int Interval { get; init; } = 1000;
}

/// <summary>Section <c>log</c>.</summary>
public sealed record LogSettings
{
    /// <summary><c>log.interval</c>: iterations between two lines of <c>log.jsonl</c>, at least 1.</summary>
    public int Interval { get; init; } = 50;
}
