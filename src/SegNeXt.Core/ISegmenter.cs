namespace SegNeXt.Core;

/// <summary>
/// A network ready to segment: one of the two engines with one model's weights. Test-time strategies (whole, slide,
/// multi-scale, flip) are written once over this interface.
/// </summary>
public interface ISegmenter : IDisposable
{
    /// <summary>What the model is: sizes, classes, normalisation.</summary>
    ModelConfig Config { get; }

    /// <summary>Runs the network on one picture as it is, without resizing it first.</summary>
    /// <param name="image">Any size from 1×1 up.</param>
    /// <returns>Logits <c>[K, ⌈H/8⌉, ⌈W/8⌉]</c>, before softmax.</returns>
    LogitMap Forward(RgbImage image);

    /// <summary>
    /// Whole-image segmentation: logits resized bilinearly (<c>align_corners=False</c>) to the picture's size, then
    /// the class with the highest score at each pixel. An engine may fuse the two.
    /// </summary>
    /// <param name="image">Any size from 1×1 up.</param>
    /// <returns>Class ids at the picture's size.</returns>
    LabelMap Segment(RgbImage image);
}
