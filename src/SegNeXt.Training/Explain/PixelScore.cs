using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// The score of a segmentation model: the sum of a class's logits, at the size of the picture that the network saw, over some of its
/// pixels. Which pixels the model takes for the class is found as a prediction finds it.
/// </summary>
internal sealed class PixelScore(ExplainOptions options, RgbImage picture, RgbImage seen)
{
    /// <summary>Which pixels of the region count.</summary>
    public ExplainedPixels Over { get; } = options.Over ?? (options.Region is null ? ExplainedPixels.Predicted : ExplainedPixels.All);

    /// <summary>How many pixels count.</summary>
    public long Pixels { get; private set; }

    /// <summary>Share of the region's pixels that the model takes for the class.</summary>
    public double Predicted { get; private set; }

    /// <summary>The score of logits <c>[1, K, h, w]</c>.</summary>
    /// <exception cref="InputException">No pixel counts.</exception>
    public Tensor Of(Tensor logits)
    {
        float[] mask = Mask(Ids(logits));
        Tensor own = Functional.Interpolate(logits.Narrow(1, options.ClassId, 1), (seen.Height, seen.Width), InterpolationMode.Bilinear, alignCorners: false);
        return (own * Tensor.FromArray<float>(mask, [1, 1, seen.Height, seen.Width]).To(own.Device)).Sum();
    }

    private LabelMap Ids(Tensor logits)
    {
        Tensor plain = logits.Detach().To(Device.Cpu).Contiguous();
        LogitMap map = new((int)plain.Size(1), (int)plain.Size(2), (int)plain.Size(3), plain.ToArray<float>());
        return LogitResize.ArgMax(map, seen.Height, seen.Width);
    }

    private float[] Mask(LabelMap ids)
    {
        (int left, int top, int right, int bottom) = Bounds();
        float[] mask = new float[ids.Ids.Length];
        long found = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                int at = (y * seen.Width) + x;
                bool isClass = ids.Ids[at] == options.ClassId;
                found += isClass ? 1 : 0;
                mask[at] = isClass || Over == ExplainedPixels.All ? 1 : 0;
            }
        }

        long all = (long)(right - left) * (bottom - top);
        Predicted = (double)found / all;
        Pixels = Over == ExplainedPixels.All ? all : found;
        return Pixels > 0
            ? mask
            : throw new InputException("The model takes no pixel here for this class; to see what speaks for it all the same, let all pixels count (--over all) or name a region.");
    }

    /// <summary>The region in pixels of the picture that the network saw; at least one pixel.</summary>
    private (int Left, int Top, int Right, int Bottom) Bounds()
    {
        if (options.Region is not { } region)
        {
            return (0, 0, seen.Width, seen.Height);
        }

        double across = (double)seen.Width / picture.Width, down = (double)seen.Height / picture.Height;
        int left = Math.Min((int)(region.X * across), seen.Width - 1), top = Math.Min((int)(region.Y * down), seen.Height - 1);
        int right = Math.Clamp((int)Math.Round((region.X + region.Width) * across), left + 1, seen.Width);
        int bottom = Math.Clamp((int)Math.Round((region.Y + region.Height) * down), top + 1, seen.Height);
        return (left, top, right, bottom);
    }
}
