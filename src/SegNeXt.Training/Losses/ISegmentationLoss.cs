using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// A loss of segmentation: how far logits are from labels, as one number to be made small. N images, K classes, H×W
/// pixels at label size, h×w at the decoder's.
/// </summary>
public interface ISegmentationLoss
{
    /// <summary>The loss of a batch, differentiable by the logits, once.</summary>
    /// <param name="logits">
    /// Logits <c>[N, K, h, w]</c> at the decoder's resolution; they are resized bilinearly (<c>align_corners=False</c>) to
    /// the labels' size here, a part at a time, so that the K maps at label size never exist for a whole large batch.
    /// Half precision is widened to single.
    /// </param>
    /// <param name="labels">Class ids <c>[N, H, W]</c>, int64; 255 is ignored.</param>
    /// <returns>A scalar; 0 with gradient 0 when every pixel is ignored.</returns>
    Tensor Forward(Tensor logits, Tensor labels);
}
