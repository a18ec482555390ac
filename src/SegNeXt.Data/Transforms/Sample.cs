using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A picture with its labels, of the same size.</summary>
/// <param name="Image">The picture, <c>[H, W, 3]</c>.</param>
/// <param name="Label">Class ids, <c>[H, W]</c>, 255 = ignored.</param>
public sealed record Sample(RgbImage Image, LabelMap Label);
