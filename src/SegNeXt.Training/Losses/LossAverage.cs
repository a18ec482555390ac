using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>The denominator of the losses that are a mean over pixels: cross entropy, OHEM and focal.</summary>
public enum LossAverage
{
    /// <summary>All pixels, the ignored ones too: the released default.</summary>
    All,

    /// <summary>The pixels that have a label (<c>avg_non_ignore</c> of mmsegmentation).</summary>
    Valid,

    /// <summary>The pixels that OHEM keeps; for the other losses, those that have a label.</summary>
    Kept,
}

/// <summary>The denominators.</summary>
internal static class PixelAverage
{
    /// <summary>One over the number of pixels that a mean is over, at least 1.</summary>
    /// <param name="average">Which pixels.</param>
    /// <param name="labels">Labels <c>[N, H, W]</c>.</param>
    /// <param name="kept">The labels with 255 for pixels that are left out; the labels themselves where none are.</param>
    public static double Scale(LossAverage average, Tensor labels, Tensor kept)
    {
        double pixels = average switch
        {
            LossAverage.All => labels.NumElements,
            LossAverage.Valid => Count(labels),
            _ => Count(kept),
        };
        return 1.0 / Math.Max(pixels, 1);
    }

    /// <summary>Number of pixels that have a label.</summary>
    public static double Count(Tensor labels)
    {
        using TensorScope scope = new();
        return labels.Ne(LabelMap.Ignore).Sum().Item();
    }
}
