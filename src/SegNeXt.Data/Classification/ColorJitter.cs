using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Brightness, contrast and saturation, each by a factor uniform about 1, in a drawn order.</summary>
/// <remarks><c>ColorJitter</c> of torchvision without hue, as timm uses it where no RandAugment is asked for.</remarks>
public sealed class ColorJitter
{
    private readonly double _strength;

    /// <summary>Creates the step.</summary>
    /// <param name="strength">s of factors in [max(0, 1 − s), 1 + s].</param>
    /// <exception cref="InputException">It is negative or no number.</exception>
    public ColorJitter(double strength)
    {
        if (!(strength >= 0 && double.IsFinite(strength)))
        {
            throw new InputException($"The strength of colour jitter must be at least 0, not {strength}.");
        }

        _strength = strength;
    }

    /// <summary>Changes a picture in place.</summary>
    /// <param name="rgb">The pixels, interleaved.</param>
    /// <param name="random">Where everything random comes from.</param>
    public void Apply(Span<byte> rgb, ref SampleRandom random)
    {
        Span<int> order = [0, 1, 2];
        random.Shuffle(order);
        foreach (int step in order)
        {
            float factor = (float)random.NextDouble(Math.Max(0, 1 - _strength), 1 + _strength);
            switch (step)
            {
                case 0: Enhance.Brightness(rgb, factor); break;
                case 1: Enhance.Contrast(rgb, factor); break;
                default: Enhance.Color(rgb, factor); break;
            }
        }
    }
}
