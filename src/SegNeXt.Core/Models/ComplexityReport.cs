namespace SegNeXt.Core;

/// <summary>What kind of work multiply-adds belong to, in <see cref="ComplexityReport.ByKind"/>.</summary>
public enum ComplexityKind
{
    /// <summary>The two 3×3 convolutions of the stem, or a Mix Transformer's first patch embedding.</summary>
    Stem,

    /// <summary>The 3×3 convolutions with stride 2 between the stages.</summary>
    DownSampling,

    /// <summary>The 1×1 convolutions or linear layers of the blocks.</summary>
    BlockPointwise,

    /// <summary>The depth-wise convolutions of MSCA: 5×5 and the strips.</summary>
    MscaDepthwise,

    /// <summary>The 3×3 depth-wise convolutions of the feed-forward parts.</summary>
    FfnDepthwise,

    /// <summary>The convolutions that make the map smaller from which a Mix Transformer takes keys and values.</summary>
    SpatialReduction,

    /// <summary>The matrix products of attention: queries with keys, and the weights with the values; the rounds of EMA.</summary>
    Attention,

    /// <summary>The 1×1 convolutions and linear layers of the decoder, its classifier included.</summary>
    DecoderPointwise,

    /// <summary>The larger convolutions of a decoder: 3×3, and the depth-wise ones of an MSCA in it.</summary>
    DecoderConvolution,

    /// <summary>The matrix products of the NMF.</summary>
    Nmf,

    /// <summary>The linear layer of an image classifier.</summary>
    Linear,

    /// <summary>One for each value that a batch, layer or group norm writes.</summary>
    Norm,

    /// <summary>One for each value of an element-wise product or mean: attention, layer scales, the updates of the NMF.</summary>
    ElementWise,

    /// <summary>Four for each value that a bilinear resize writes.</summary>
    Resize,
}

/// <summary>The share of one part of a model.</summary>
/// <param name="Name">
/// <c>stage1</c> … <c>stage4</c>; then <c>squeeze</c>, <c>hamburger</c>, <c>align</c> (or what another decoder has in their
/// place), <c>classifier</c> and <c>resize</c> (the logits to the picture's size) of a segmenter, or <c>head</c> of an image
/// classifier.
/// </param>
/// <param name="Output">What the part hands on, <c>[C, H, W]</c>.</param>
/// <param name="Parameters">Number of learned values.</param>
/// <param name="MultiplyAdds">By the rule of <see cref="ModelComplexity"/>.</param>
public sealed record StageComplexity(string Name, int[] Output, long Parameters, long MultiplyAdds)
{
    /// <summary><see cref="MultiplyAdds"/> in units of 10⁹, which papers print as "GFLOPs".</summary>
    public double Gmacs => MultiplyAdds / 1e9;
}

/// <summary>Size and cost of a model for one picture size, counted by <see cref="ModelComplexity"/>.</summary>
/// <param name="Height">Rows of the picture.</param>
/// <param name="Width">Columns of the picture.</param>
/// <param name="Stages">The parts in the order in which they are computed.</param>
/// <param name="ByKind">The same multiply-adds by kind of work; kinds that do not occur are absent.</param>
public sealed record ComplexityReport(
    int Height, int Width, IReadOnlyList<StageComplexity> Stages, IReadOnlyDictionary<ComplexityKind, long> ByKind)
{
    private const int EncoderStages = 4;

    /// <summary>Number of learned values of the whole model.</summary>
    public long Parameters => Stages.Sum(stage => stage.Parameters);

    /// <summary>Number of learned values of the encoder: the four stages.</summary>
    public long EncoderParameters => Stages.Take(EncoderStages).Sum(stage => stage.Parameters);

    /// <summary>Multiply-adds of the whole model.</summary>
    public long MultiplyAdds => Stages.Sum(stage => stage.MultiplyAdds);

    /// <summary>Multiply-adds of the encoder.</summary>
    public long EncoderMultiplyAdds => Stages.Take(EncoderStages).Sum(stage => stage.MultiplyAdds);

    /// <summary>
    /// Multiply-adds of convolutions, matrix products and linear layers alone, without norms, element-wise products
    /// and resizes: the work that an engine cannot fold away, hence the one to hold against a machine's peak.
    /// </summary>
    public long ProductMultiplyAdds => ByKind
        .Where(pair => pair.Key is not (ComplexityKind.Norm or ComplexityKind.ElementWise or ComplexityKind.Resize))
        .Sum(pair => pair.Value);

    /// <summary><see cref="MultiplyAdds"/> in units of 10⁹, which the paper's Table 9 prints as "GFLOPs".</summary>
    public double Gmacs => MultiplyAdds / 1e9;
}
