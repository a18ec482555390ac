using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>What stands in front of a stage and lowers the resolution: <see cref="Stem"/> or <see cref="PatchEmbedding"/>.</summary>
public interface IDownSampling
{
    /// <summary>Lowers the resolution.</summary>
    /// <param name="x">Features <c>[N, C_in, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, C, h, w]</c>.</returns>
    Tensor Forward(Tensor x);
}
