using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Mirrors picture and labels left to right with a probability.</summary>
public sealed class RandomFlip : ISampleTransform
{
    private readonly double _probability;

    /// <summary>Creates the step.</summary>
    /// <param name="probability">0 (never) to 1 (always); the recipes have ½.</param>
    /// <exception cref="InputException">The probability is outside 0 to 1.</exception>
    public RandomFlip(double probability = 0.5)
    {
        if (!(probability is >= 0 and <= 1))
        {
            throw new InputException($"The probability of a flip must be 0 to 1, not {probability}.");
        }

        _probability = probability;
    }

    /// <inheritdoc/>
    public Sample Apply(Sample sample, ref SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return Draw(ref random) ? new Sample(Mirror(sample.Image), Mirror(sample.Label)) : sample;
    }

    /// <summary>Draws whether to mirror.</summary>
    /// <param name="random">One number is drawn.</param>
    public bool Draw(ref SampleRandom random) => random.NextBool(_probability);

    private static RgbImage Mirror(RgbImage image)
    {
        RgbImage result = new(image.Width, image.Height);
        for (int y = 0; y < image.Height; y++)
        {
            int row = y * image.Width * 3;
            for (int x = 0; x < image.Width; x++)
            {
                image.Pixels.AsSpan(row + (3 * x), 3).CopyTo(result.Pixels.AsSpan(row + (3 * (image.Width - 1 - x)), 3));
            }
        }

        return result;
    }

    private static LabelMap Mirror(LabelMap label)
    {
        byte[] ids = label.Ids.AsSpan().ToArray();
        for (int y = 0; y < label.Height; y++)
        {
            ids.AsSpan(y * label.Width, label.Width).Reverse();
        }

        return new LabelMap(label.Width, label.Height, ids);
    }
}
