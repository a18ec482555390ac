using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Logits at the labels' size.</summary>
internal static class Resize
{
    /// <summary>Resizes bilinearly, <c>align_corners=False</c>.</summary>
    /// <param name="maps">Maps <c>[n, C, h, w]</c>.</param>
    /// <param name="labels">Gives H and W, <c>[N, H, W]</c>.</param>
    /// <returns>Maps <c>[n, C, H, W]</c>, a new object.</returns>
    public static Tensor To(Tensor maps, Tensor labels) =>
        Functional.Interpolate(maps, ((int)labels.Size(1), (int)labels.Size(2)), InterpolationMode.Bilinear, alignCorners: false);
}
