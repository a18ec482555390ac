namespace SegNeXt.Core.Tests.Testing;

/// <summary>
/// A "network" that is a plain function of the pixels: at each position of the 1/8 map, logits that are linear in the
/// mean colour of its 8×8 pixels. Being local, symmetric and translation equivariant in steps of 8, it shows what the
/// strategies around it do.
/// </summary>
internal sealed class FakeSegmenter(int classes) : ISegmenter
{
    /// <summary>The pictures that <see cref="Forward"/> was given.</summary>
    public List<RgbImage> Forwarded { get; } = [];

    /// <summary>How often <see cref="Segment"/> was called.</summary>
    public int Segmented { get; private set; }

    public ModelConfig Config { get; } = ModelConfig.Preset("t", classes);

    public LogitMap Forward(RgbImage image)
    {
        Forwarded.Add(image);
        return Logits(image);
    }

    public LabelMap Segment(RgbImage image)
    {
        Segmented++;
        return LogitResize.ArgMax(Logits(image), image.Height, image.Width);
    }

    public void Dispose()
    {
    }

    private LogitMap Logits(RgbImage image)
    {
        int height = (image.Height + 7) / 8;
        int width = (image.Width + 7) / 8;
        LogitMap map = new(Config.NumClasses, height, width, new float[Config.NumClasses * height * width]);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double[] mean = Mean(image, x, y);
                for (int k = 0; k < Config.NumClasses; k++)
                {
                    double logit = (Math.Sin(k + 1) * mean[0]) + (Math.Cos(2 * k) * mean[1]) + (Math.Sin((3 * k) + 2) * mean[2]);
                    map.Values[(((k * height) + y) * width) + x] = (float)(logit / 40);
                }
            }
        }

        return map;
    }

    private static double[] Mean(RgbImage image, int x, int y)
    {
        double[] sum = new double[3];
        int count = 0;
        for (int row = 8 * y; row < Math.Min((8 * y) + 8, image.Height); row++)
        {
            for (int column = 8 * x; column < Math.Min((8 * x) + 8, image.Width); column++, count++)
            {
                for (int c = 0; c < 3; c++)
                {
                    sum[c] += image.Pixels[(((row * image.Width) + column) * 3) + c];
                }
            }
        }

        return [.. sum.Select(value => value / count)];
    }
}
