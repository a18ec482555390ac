using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Cli.Tests;

/// <summary>A network of three lines: class 1 where the red channel is above one half, class 0 elsewhere, K classes in all.</summary>
internal sealed class StripeSegmenter(int classes) : ISegmenter
{
    public ModelConfig Config { get; } = ModelConfig.Preset("t", classes);

    /// <summary>Pictures that were asked for.</summary>
    public int Calls { get; private set; }

    /// <summary>Pictures of this width fail, as libtorch fails.</summary>
    public int FailingWidth { get; init; }

    /// <summary>What libtorch then says.</summary>
    public string FailingMessage { get; init; } = "";

    /// <summary>What happens first when it fails, or null.</summary>
    public Action? Failing { get; init; }

    public LogitMap Forward(RgbImage image)
    {
        Calls++;
        if (image.Width == FailingWidth)
        {
            Failing?.Invoke();
            throw new TorchException(FailingMessage);
        }

        int height = (image.Height + 7) / 8;
        int width = (image.Width + 7) / 8;
        LogitMap logits = new(Config.NumClasses, height, width, new float[Config.NumClasses * height * width]);
        for (int i = 0; i < height * width; i++)
        {
            int pixel = ((i / width * 8 * image.Width) + (i % width * 8)) * 3;
            logits.Values[i] = 1;
            logits.Values[(height * width) + i] = image.Pixels[pixel] > 127 ? 3 : 0;
        }

        return logits;
    }

    public LabelMap Segment(RgbImage image) => LogitResize.ArgMax(Forward(image), image.Height, image.Width);

    public void Dispose()
    {
    }
}
