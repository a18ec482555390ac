using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Fills one rectangle of a normalised picture with noise, with a probability.</summary>
/// <remarks>
/// Zhong et al. (arXiv:1708.04896) as timm's mode <c>pixel</c>: 2 to 33 % of the area, sides' ratio 0.3 to 1/0.3 on a
/// logarithmic scale, ten tries; each value normal with mean 0 and deviation 1.
/// </remarks>
public sealed class RandomErasing
{
    private const double AreaMin = 0.02;
    private const double AreaMax = 1.0 / 3;
    private const double RatioMin = 0.3;
    private const int Tries = 10;

    private readonly double _probability;

    /// <summary>Creates the step.</summary>
    /// <param name="probability">0 (never) to 1 (always); DeiT has ¼.</param>
    /// <exception cref="InputException">The probability is outside 0 to 1.</exception>
    public RandomErasing(double probability)
    {
        if (!(probability is >= 0 and <= 1))
        {
            throw new InputException($"The probability of erasing must be 0 to 1, not {probability}.");
        }

        _probability = probability;
    }

    /// <summary>Changes a picture in place, or leaves it.</summary>
    /// <param name="planes">The picture, <c>[3, H, W]</c>, normalised.</param>
    /// <param name="height">Rows H.</param>
    /// <param name="width">Columns W.</param>
    /// <param name="random">Where everything random comes from.</param>
    /// <returns>The rectangle, or null where nothing was erased.</returns>
    public PixelWindow? Apply(Span<float> planes, int height, int width, ref SampleRandom random)
    {
        if (!random.NextBool(_probability) || Draw(height, width, ref random) is not { } window)
        {
            return null;
        }

        for (int c = 0; c < 3; c++)
        {
            for (int y = window.Y; y < window.Y + window.Height; y++)
            {
                foreach (ref float value in planes.Slice((((c * height) + y) * width) + window.X, window.Width))
                {
                    value = (float)random.NextNormal(0, 1);
                }
            }
        }

        return window;
    }

    private static PixelWindow? Draw(int height, int width, ref SampleRandom random)
    {
        for (int i = 0; i < Tries; i++)
        {
            double area = random.NextDouble(AreaMin, AreaMax) * height * width;
            double ratio = Math.Exp(random.NextDouble(Math.Log(RatioMin), -Math.Log(RatioMin)));
            int h = (int)Math.Round(Math.Sqrt(area * ratio));
            int w = (int)Math.Round(Math.Sqrt(area / ratio));
            if (h >= 1 && w >= 1 && h < height && w < width)
            {
                int y = random.NextInt(0, height - h + 1);
                return new PixelWindow(random.NextInt(0, width - w + 1), y, w, h);
            }
        }

        return null;
    }
}
