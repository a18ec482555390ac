using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Random brightness, contrast, saturation and hue, each with probability ½, the contrast before or after saturation
/// and hue with equal chance; <c>PhotoMetricDistortion</c> of the released <c>transforms.py</c>.
/// </summary>
public sealed class PhotometricDistortion : ISampleTransform
{
    /// <summary>Brightness is shifted by up to this, of 255.</summary>
    public double BrightnessDelta { get; init; } = 32;

    /// <summary>Lower end of the factor of the contrast.</summary>
    public double ContrastMin { get; init; } = 0.5;

    /// <summary>Upper end of the factor of the contrast.</summary>
    public double ContrastMax { get; init; } = 1.5;

    /// <summary>Lower end of the factor of the saturation.</summary>
    public double SaturationMin { get; init; } = 0.5;

    /// <summary>Upper end of the factor of the saturation.</summary>
    public double SaturationMax { get; init; } = 1.5;

    /// <summary>The hue is turned by an integer in [−this, this), in units of 2 degrees.</summary>
    public int HueDelta { get; init; } = 18;

    /// <inheritdoc/>
    public Sample Apply(Sample sample, ref SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        RgbImage image = sample.Image;
        byte[] pixels = image.Pixels.AsSpan().ToArray();
        Apply(pixels, ref random);
        return sample with { Image = new RgbImage(image.Width, image.Height, pixels) };
    }

    /// <summary>Changes pixels in place.</summary>
    /// <param name="rgb">Interleaved R, G, B.</param>
    /// <param name="random">Where the parameters come from.</param>
    public void Apply(Span<byte> rgb, ref SampleRandom random) => Apply(rgb, Draw(ref random));

    /// <summary>Draws the parameters for one picture.</summary>
    /// <param name="random">Where they come from.</param>
    public PhotometricDraw Draw(ref SampleRandom random)
    {
        float? brightness = random.NextBool() ? (float)random.NextDouble(-BrightnessDelta, BrightnessDelta) : null;
        bool contrastFirst = random.NextBool();
        float? contrast = random.NextBool() ? (float)random.NextDouble(ContrastMin, ContrastMax) : null;
        float saturation = random.NextBool() ? (float)random.NextDouble(SaturationMin, SaturationMax) : 1f;
        int hue = random.NextBool() && HueDelta > 0 ? random.NextInt(-HueDelta, HueDelta) : 0;
        return new PhotometricDraw(brightness, contrast, contrastFirst, saturation, hue);
    }

    /// <summary>Changes pixels in place by parameters that have been drawn.</summary>
    /// <param name="rgb">Interleaved R, G, B.</param>
    /// <param name="draw">The parameters.</param>
    public static void Apply(Span<byte> rgb, in PhotometricDraw draw)
    {
        // Two tables around the trip through HSV hold everything else, so most pictures are passed over once.
        Span<byte> before = stackalloc byte[ByteTable.Length];
        Span<byte> after = stackalloc byte[ByteTable.Length];
        ByteTable.Identity(before);
        ByteTable.Identity(after);
        if (draw.Brightness is float shift)
        {
            ByteTable.AppendLinear(before, 1f, shift);
        }

        if (draw.Contrast is float factor)
        {
            ByteTable.AppendLinear(draw.ContrastFirst ? before : after, factor, 0f);
        }

        if (draw.Brightness is not null || (draw.Contrast is not null && draw.ContrastFirst))
        {
            ByteTable.Map(rgb, before);
        }

        if (draw.Saturation != 1f || draw.Hue != 0)
        {
            HueSaturation.Apply(rgb, draw.Saturation, draw.Hue, after);
        }
        else if (draw.Contrast is not null && !draw.ContrastFirst)
        {
            ByteTable.Map(rgb, after);
        }
    }
}
