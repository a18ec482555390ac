using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Cuts a random window, drawn again, ten times at most, while it shows a single class or one class has too much of
/// it; <c>RandomCrop</c> of the released <c>transforms.py</c>. A side that is smaller than the crop stays as it is.
/// </summary>
public sealed class RandomCrop : ISampleTransform
{
    private const int Attempts = 10;
    private readonly int _height;
    private readonly int _width;
    private readonly double _catMaxRatio;

    /// <summary>Creates the step.</summary>
    /// <param name="height">Rows of the crop.</param>
    /// <param name="width">Columns of the crop.</param>
    /// <param name="catMaxRatio">
    /// A class may have less than this share of the labelled pixels; from 1 up, every window will do.
    /// </param>
    /// <exception cref="InputException">A size below 1, or a ratio that is not positive.</exception>
    public RandomCrop(int height, int width, double catMaxRatio = 0.75)
    {
        if (height < 1 || width < 1)
        {
            throw new InputException($"The crop must be at least 1×1, not {height}×{width}.");
        }

        if (!(catMaxRatio > 0))
        {
            throw new InputException($"The largest share of one class in a crop must be positive, not {catMaxRatio}.");
        }

        _height = height;
        _width = width;
        _catMaxRatio = catMaxRatio;
    }

    /// <inheritdoc/>
    public Sample Apply(Sample sample, ref SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        RgbImage image = sample.Image;
        ResizedLabels labels = new(sample.Label, sample.Label.Width, sample.Label.Height);
        PixelWindow window = Draw(labels, ref random);
        byte[] pixels = new byte[window.Width * window.Height * 3];
        byte[] ids = new byte[window.Width * window.Height];
        ImageResize.BilinearPart(image, image.Width, image.Height, window.X, window.Y, window.Width, window.Height, pixels);
        for (int row = 0; row < window.Height; row++)
        {
            labels.CopyRow(window, row, mirror: false, ids.AsSpan(row * window.Width));
        }

        return new Sample(new RgbImage(window.Width, window.Height, pixels), new LabelMap(window.Width, window.Height, ids));
    }

    /// <summary>Draws the window.</summary>
    internal PixelWindow Draw(in ResizedLabels labels, ref SampleRandom random)
    {
        PixelWindow window = DrawOnce(labels, ref random);
        if (_catMaxRatio >= 1)
        {
            return window;
        }

        Span<int> counts = stackalloc int[256];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            labels.Count(window, counts);
            if (IsMixed(counts))
            {
                break;
            }

            window = DrawOnce(labels, ref random);
        }

        return window;
    }

    private PixelWindow DrawOnce(in ResizedLabels labels, ref SampleRandom random)
    {
        int y = random.NextInt(0, Math.Max(labels.Height - _height, 0) + 1);
        int x = random.NextInt(0, Math.Max(labels.Width - _width, 0) + 1);
        return new PixelWindow(x, y, Math.Min(_width, labels.Width), Math.Min(_height, labels.Height));
    }

    /// <summary>More than one class, and the largest below the ratio of the labelled pixels.</summary>
    private bool IsMixed(ReadOnlySpan<int> counts)
    {
        int classes = 0;
        long total = 0;
        int largest = 0;
        foreach (int count in counts[..LabelMap.Ignore])
        {
            classes += count > 0 ? 1 : 0;
            total += count;
            largest = Math.Max(largest, count);
        }

        return classes > 1 && (double)largest / total < _catMaxRatio;
    }
}
