namespace SegNeXt.Core;

/// <summary>What <see cref="TestTimeSegmenter.Predict"/> should hand back; scores for large pictures take much memory.</summary>
[Flags]
public enum PredictOutputs
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Class ids.</summary>
    Ids = 1,

    /// <summary>Probabilities: after softmax and averaging.</summary>
    Probabilities = 2,

    /// <summary>Logits: before softmax; with a single scale and no flip only.</summary>
    Logits = 4,
}

/// <summary>The result for one picture, at its size; what was not asked for is null.</summary>
/// <param name="Ids">The class with the highest score at each pixel.</param>
/// <param name="Probabilities"><c>[K, H, W]</c>, adding up to 1 over the classes.</param>
/// <param name="Logits"><c>[K, H, W]</c>, before softmax.</param>
public sealed record Prediction(LabelMap? Ids, LogitMap? Probabilities, LogitMap? Logits);
