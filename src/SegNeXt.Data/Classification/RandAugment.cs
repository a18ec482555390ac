using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// RandAugment: a few operations drawn from fifteen, each applied with probability ½ at a strength drawn about the
/// magnitude; with the "increasing" set, a larger magnitude is a stronger change for every one of them.
/// </summary>
/// <remarks>
/// Cubuk et al. (arXiv:1909.13719) as timm defines <c>rand-m9-mstd0.5-inc1</c>: two operations, with repetition; the
/// strength normal with the given deviation, clipped to 0–10; signs drawn; what comes from outside the picture has the mean's
/// colour. Interpolation is bilinear, where timm draws between it and bicubic.
/// </remarks>
public sealed class RandAugment
{
    private const double Denominator = 10;
    private const double ApplyProbability = 0.5;
    private const double MostTranslation = 0.45;
    private const double MostRotation = 30;
    private const double MostShear = 0.3;
    private const double MostEnhancement = 0.9;

    private readonly byte[] _fill;

    /// <summary>Creates the step.</summary>
    /// <param name="magnitude">0 to 10.</param>
    /// <param name="deviation">Of the strengths about the magnitude.</param>
    /// <param name="layers">Operations a picture.</param>
    /// <param name="mean">R, G, B on the 0–255 scale, the colour of what lies outside.</param>
    /// <exception cref="InputException">A number is out of range.</exception>
    public RandAugment(double magnitude, double deviation, int layers, IReadOnlyList<double> mean)
    {
        ArgumentNullException.ThrowIfNull(mean);
        if (!(magnitude is >= 0 and <= Denominator) || !(deviation >= 0) || layers < 1)
        {
            throw new InputException($"RandAugment takes a magnitude of 0 to 10, a deviation of at least 0 and at least one operation, not {magnitude}, {deviation} and {layers}.");
        }

        (Magnitude, Deviation, Layers) = (magnitude, deviation, layers);
        _fill = [.. mean.Select(value => (byte)Math.Clamp(Math.Round(value), 0, 255))];
    }

    /// <summary>The strength about which an operation's is drawn, 0 to 10.</summary>
    public double Magnitude { get; }

    /// <summary>The strengths' standard deviation.</summary>
    public double Deviation { get; }

    /// <summary>Operations drawn for a picture.</summary>
    public int Layers { get; }

    /// <summary>Changes a picture in place.</summary>
    /// <param name="rgb">The pixels, <c>[H, W, 3]</c>.</param>
    /// <param name="width">Columns W.</param>
    /// <param name="random">Where everything random comes from.</param>
    /// <param name="scratch">As many bytes, whatever they hold.</param>
    public void Apply(Span<byte> rgb, int width, ref SampleRandom random, Span<byte> scratch)
    {
        for (int layer = 0; layer < Layers; layer++)
        {
            var operation = (PictureOperation)random.NextInt(0, (int)PictureOperation.TranslateY + 1);
            if (random.NextBool(ApplyProbability))
            {
                double strength = Math.Clamp(random.NextNormal(Magnitude, Deviation), 0, Denominator);
                Apply(operation, strength, random.NextBool(), rgb, width, scratch);
            }
        }
    }

    /// <summary>Applies one operation.</summary>
    /// <param name="operation">Which.</param>
    /// <param name="strength">0 to 10.</param>
    /// <param name="negative">The sign, of those that have one.</param>
    /// <param name="rgb">The pixels, <c>[H, W, 3]</c>, changed in place.</param>
    /// <param name="width">Columns W.</param>
    /// <param name="scratch">As many bytes.</param>
    internal void Apply(PictureOperation operation, double strength, bool negative, Span<byte> rgb, int width, Span<byte> scratch)
    {
        double share = strength / Denominator;
        double signed = negative ? -share : share;
        int height = rgb.Length / (3 * width);
        float factor = (float)Math.Max(0.1, 1 + (MostEnhancement * signed));
        switch (operation)
        {
            case PictureOperation.AutoContrast: Tones.AutoContrast(rgb); break;
            case PictureOperation.Equalize: Tones.Equalize(rgb); break;
            case PictureOperation.Invert: Tones.Invert(rgb); break;
            case PictureOperation.Posterize: Tones.Posterize(rgb, 4 - (int)(4 * share)); break;
            case PictureOperation.Solarize: Tones.Solarize(rgb, 256 - Math.Min(256, (int)(256 * share))); break;
            case PictureOperation.SolarizeAdd: Tones.SolarizeAdd(rgb, Math.Min(128, (int)(110 * share))); break;
            case PictureOperation.Color: Enhance.Color(rgb, factor); break;
            case PictureOperation.Contrast: Enhance.Contrast(rgb, factor); break;
            case PictureOperation.Brightness: Enhance.Brightness(rgb, factor); break;
            case PictureOperation.Sharpness: Enhance.Sharpness(rgb, width, factor, scratch); break;
            case PictureOperation.Rotate: AffineWarp.Rotate(MostRotation * signed, width, height).Apply(rgb, width, _fill, scratch); break;
            case PictureOperation.ShearX: AffineWarp.ShearX(MostShear * signed).Apply(rgb, width, _fill, scratch); break;
            case PictureOperation.ShearY: AffineWarp.ShearY(MostShear * signed).Apply(rgb, width, _fill, scratch); break;
            case PictureOperation.TranslateX: AffineWarp.Translate(MostTranslation * signed * width, 0).Apply(rgb, width, _fill, scratch); break;
            case PictureOperation.TranslateY: AffineWarp.Translate(0, MostTranslation * signed * height).Apply(rgb, width, _fill, scratch); break;
            default: throw new ArgumentOutOfRangeException(nameof(operation), operation, "There is no such operation.");
        }
    }
}

/// <summary>What RandAugment draws from.</summary>
internal enum PictureOperation
{
    AutoContrast,
    Equalize,
    Invert,
    Posterize,
    Solarize,
    SolarizeAdd,
    Color,
    Contrast,
    Brightness,
    Sharpness,
    Rotate,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
}
