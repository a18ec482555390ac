using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>What training does to a sample; the defaults are those of the ADE20K recipe.</summary>
public sealed record AugmentationOptions
{
    /// <summary>Rows of the crop, which is the size that the network trains at.</summary>
    public int CropHeight { get; init; } = 512;

    /// <summary>Columns of the crop.</summary>
    public int CropWidth { get; init; } = 512;

    /// <summary>Width of the scale at ratio 1; 0, in both, for each picture's own size.</summary>
    public int ResizeBaseWidth { get; init; } = 2048;

    /// <summary>Height of the scale at ratio 1; 0, in both, for each picture's own size.</summary>
    public int ResizeBaseHeight { get; init; } = 512;

    /// <summary>Lowest resize ratio.</summary>
    public double RatioMin { get; init; } = 0.5;

    /// <summary>Highest resize ratio.</summary>
    public double RatioMax { get; init; } = 2.0;

    /// <summary>A crop is drawn again while one class has this share of its labelled pixels; 1 switches that off.</summary>
    public double CatMaxRatio { get; init; } = 0.75;

    /// <summary>Probability of a left-right flip.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Random brightness, contrast, saturation and hue; null switches them off.</summary>
    public PhotometricDistortion? Photometric { get; init; } = new();

    /// <summary>Mean of R, G, B on the 0–255 scale.</summary>
    public double[] Mean { get; init; } = ModelConfig.ImageNetMean;

    /// <summary>Standard deviation of R, G, B on the 0–255 scale.</summary>
    public double[] Std { get; init; } = ModelConfig.ImageNetStd;
}
