using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Draws the part of a picture that becomes a sample: a share of its area and an aspect ratio, ten tries; where none fits,
/// the largest central part of an allowed ratio.
/// </summary>
/// <remarks><c>RandomResizedCrop</c> of torchvision; the area is uniform, the ratio log-uniform.</remarks>
public sealed class RandomResizedCrop
{
    private const int Tries = 10;

    private readonly double _scaleMin;
    private readonly double _scaleMax;
    private readonly double _ratioMin;
    private readonly double _ratioMax;

    /// <summary>Creates the step.</summary>
    /// <param name="scaleMin">Smallest share of the area, above 0.</param>
    /// <param name="scaleMax">Largest share, at most 1.</param>
    /// <param name="ratioMin">Smallest width / height.</param>
    /// <param name="ratioMax">Largest width / height.</param>
    /// <exception cref="InputException">A range is empty or out of range.</exception>
    public RandomResizedCrop(double scaleMin = 0.08, double scaleMax = 1, double ratioMin = 3.0 / 4, double ratioMax = 4.0 / 3)
    {
        if (!(scaleMin > 0 && scaleMin <= scaleMax && scaleMax <= 1))
        {
            throw new InputException($"A crop's share of the picture must be a range within 0 to 1, the smaller number first, not {scaleMin} to {scaleMax}.");
        }

        if (!(ratioMin > 0 && ratioMin <= ratioMax && double.IsFinite(ratioMax)))
        {
            throw new InputException($"A crop's aspect ratio must be a range above 0, the smaller number first, not {ratioMin} to {ratioMax}.");
        }

        (_scaleMin, _scaleMax, _ratioMin, _ratioMax) = (scaleMin, scaleMax, ratioMin, ratioMax);
    }

    /// <summary>Draws a window.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="random">Where the draw comes from.</param>
    /// <returns>A window inside the picture.</returns>
    public PixelWindow Draw(int width, int height, ref SampleRandom random)
    {
        double area = (double)width * height;
        for (int i = 0; i < Tries; i++)
        {
            double wanted = area * random.NextDouble(_scaleMin, _scaleMax);
            double ratio = Math.Exp(random.NextDouble(Math.Log(_ratioMin), Math.Log(_ratioMax)));
            int w = (int)Math.Round(Math.Sqrt(wanted * ratio));
            int h = (int)Math.Round(Math.Sqrt(wanted / ratio));
            if (w > 0 && w <= width && h > 0 && h <= height)
            {
                return new PixelWindow(random.NextInt(0, width - w + 1), random.NextInt(0, height - h + 1), w, h);
            }
        }

        double own = (double)width / height;
        int partWidth = own > _ratioMax ? Math.Max(1, (int)Math.Round(height * _ratioMax)) : width;
        int partHeight = own < _ratioMin ? Math.Max(1, (int)Math.Round(width / _ratioMin)) : height;
        return new PixelWindow((width - partWidth) / 2, (height - partHeight) / 2, partWidth, partHeight);
    }
}
