using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>A network of the zoo: pictures in, scores out.</summary>
public interface IModel
{
    /// <summary>What the model is.</summary>
    ModelConfig Config { get; }

    /// <summary>Computes the scores.</summary>
    /// <param name="x">Normalised pictures <c>[N, 3, H, W]</c>.</param>
    /// <returns>Logits: <c>[N, K, h, w]</c> for a segmentation model, <c>[N, K]</c> for a classifier.</returns>
    Tensor Forward(Tensor x);
}
