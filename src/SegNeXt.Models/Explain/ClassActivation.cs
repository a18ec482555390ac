namespace SegNeXt.Models;

/// <summary>Where a layer speaks for a score, as <see cref="GradCam"/> finds it.</summary>
/// <param name="Height">Rows of the layer's map.</param>
/// <param name="Width">Columns of the layer's map.</param>
/// <param name="Values"><c>[H, W]</c>, row-major; 0 where the layer speaks against the score or not at all, above 0 elsewhere.</param>
/// <param name="ChannelWeights">α, the mean derivative of the score by each of the layer's C channels.</param>
/// <param name="Score">The score.</param>
public sealed record ClassActivation(int Height, int Width, float[] Values, float[] ChannelWeights, double Score);
