namespace SegNeXt.Training;

/// <summary>The keys of section <c>train</c> that decide the loss.</summary>
public sealed record LossSettings
{
    /// <summary><c>train.loss</c>: a loss, or a weighted sum of several, such as <c>cross_entropy + 0.5*dice</c>.</summary>
    public LossFormula Formula { get; init; } = LossFormula.CrossEntropy;

    /// <summary><c>train.loss_average</c>: the denominator of cross entropy, OHEM and focal loss.</summary>
    public LossAverage Average { get; init; } = LossAverage.All;

    /// <summary><c>train.class_weights</c>: factors of the classes in every loss.</summary>
    public ClassWeighting ClassWeights { get; init; } = ClassWeighting.None;

    /// <summary><c>train.ohem_threshold</c>: the probability of the true class below which a pixel is hard; null to go by number alone.</summary>
    public double? OhemThreshold { get; init; } = 0.7;

    /// <summary><c>train.ohem_min_kept</c>: pixels per image that are kept at least.</summary>
    public int OhemMinKept { get; init; } = 100_000;

    /// <summary><c>train.focal_gamma</c>: exponent γ of the focal loss.</summary>
    public double FocalGamma { get; init; } = 2;

    /// <summary><c>train.focal_alpha</c>: factor α of the focal loss.</summary>
    public double FocalAlpha { get; init; } = 1;

    /// <summary><c>train.dice_smooth</c>: what is added to numerator and denominator of Dice.</summary>
    public double DiceSmooth { get; init; } = 1;

    /// <summary><c>train.dice_exponent</c>: exponent of the probabilities in Dice's denominator.</summary>
    public double DiceExponent { get; init; } = 2;

    /// <summary><c>train.lovasz_classes</c>: the classes that Lovász-softmax is the mean over.</summary>
    public LovaszClasses LovaszClasses { get; init; } = LovaszClasses.Present;

    /// <summary><c>train.lovasz_per_image</c>: whether Lovász-softmax is taken image by image instead of over the batch.</summary>
    public bool LovaszPerImage { get; init; }
}
