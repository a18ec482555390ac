using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Resizes by a random ratio, keeping the picture's proportions: mmsegmentation's <c>Resize</c> with <c>img_scale</c>,
/// <c>ratio_range</c> and <c>keep_ratio</c>. Bilinear for the picture, nearest for the labels.
/// </summary>
public sealed class RandomResize : ISampleTransform
{
    private readonly int _baseWidth;
    private readonly int _baseHeight;
    private readonly double _ratioMin;
    private readonly double _ratioMax;

    /// <summary>Creates the step.</summary>
    /// <param name="baseWidth">Width of the scale at ratio 1; the recipes have 2048. 0, in both, for each picture's own size.</param>
    /// <param name="baseHeight">Height of the scale at ratio 1; the recipes have 512 or 1024.</param>
    /// <param name="ratioMin">Lowest ratio, above 0.</param>
    /// <param name="ratioMax">Highest ratio.</param>
    /// <exception cref="InputException">One size below 1, or an empty or non-positive range.</exception>
    public RandomResize(int baseWidth, int baseHeight, double ratioMin = 0.5, double ratioMax = 2.0)
    {
        if ((baseWidth, baseHeight) != (0, 0) && (baseWidth < 1 || baseHeight < 1))
        {
            throw new InputException($"The resize base must be at least 1×1, or 0×0 for each picture's own size, not {baseWidth}×{baseHeight}.");
        }

        if (!(ratioMin > 0 && ratioMin <= ratioMax && double.IsFinite(ratioMax)))
        {
            throw new InputException($"The resize ratios must be positive and in order, not {ratioMin} to {ratioMax}.");
        }

        _baseWidth = baseWidth;
        _baseHeight = baseHeight;
        _ratioMin = ratioMin;
        _ratioMax = ratioMax;
    }

    /// <inheritdoc/>
    public Sample Apply(Sample sample, ref SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        (int width, int height) = DrawSize(sample.Image.Width, sample.Image.Height, ref random);
        return new Sample(ImageResize.Bilinear(sample.Image, width, height), ImageResize.Nearest(sample.Label, width, height));
    }

    /// <summary>Draws a ratio and tells the size that a picture gets.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="random">One number is drawn.</param>
    public (int Width, int Height) DrawSize(int width, int height, ref SampleRandom random)
    {
        double ratio = random.NextDouble(_ratioMin, _ratioMax);
        (int scaleWidth, int scaleHeight) = _baseWidth == 0 ? (width, height) : (_baseWidth, _baseHeight);
        return ResizeRule.KeepRatio(width, height, (int)(scaleWidth * ratio), (int)(scaleHeight * ratio));
    }
}
