using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Enlarges samples to at least a size, at the right and the bottom: black, and label 255.</summary>
/// <remarks>
/// In the recipes the padding comes after the normalisation, so that padded pixels are 0 to the network, not black;
/// <see cref="TrainTransform"/> does that. This step pads the 8-bit picture.
/// </remarks>
/// <param name="width">Columns of the result, at least.</param>
/// <param name="height">Rows of the result, at least.</param>
public sealed class Pad(int width, int height) : ISampleTransform
{
    /// <inheritdoc/>
    public Sample Apply(Sample sample, ref SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        int oldWidth = sample.Image.Width;
        int oldHeight = sample.Image.Height;
        int newWidth = Math.Max(oldWidth, width);
        int newHeight = Math.Max(oldHeight, height);
        if (newWidth == oldWidth && newHeight == oldHeight)
        {
            return sample;
        }

        RgbImage image = new(newWidth, newHeight);
        LabelMap label = new(newWidth, newHeight);
        label.Ids.AsSpan().Fill(LabelMap.Ignore);
        for (int y = 0; y < oldHeight; y++)
        {
            sample.Image.Pixels.AsSpan(y * oldWidth * 3, oldWidth * 3).CopyTo(image.Pixels.AsSpan(y * newWidth * 3));
            sample.Label.Ids.AsSpan(y * oldWidth, oldWidth).CopyTo(label.Ids.AsSpan(y * newWidth));
        }

        return new Sample(image, label);
    }
}
