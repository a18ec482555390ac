using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>The numbers of the training recipe of an image classifier; the defaults change nothing but the crop.</summary>
public sealed record ClassificationAugmentation
{
    /// <summary>Smallest and largest share of the picture's area in a crop.</summary>
    public (double Min, double Max) CropScale { get; init; } = (0.08, 1);

    /// <summary>Smallest and largest width / height of a crop.</summary>
    public (double Min, double Max) CropRatio { get; init; } = (3.0 / 4, 4.0 / 3);

    /// <summary>Probability of a mirrored sample.</summary>
    public double Flip { get; init; } = 0.5;

    /// <summary>RandAugment, or null for none.</summary>
    public RandAugment? RandAugment { get; init; }

    /// <summary>Strength of colour jitter, 0 for none.</summary>
    public double ColorJitter { get; init; }

    /// <summary>Probability of random erasing.</summary>
    public double Erase { get; init; }

    /// <summary>Mean of R, G, B on the 0–255 scale.</summary>
    public double[] Mean { get; init; } = ModelConfig.ImageNetMean;

    /// <summary>Standard deviation of R, G, B on the 0–255 scale.</summary>
    public double[] Std { get; init; } = ModelConfig.ImageNetStd;
}
