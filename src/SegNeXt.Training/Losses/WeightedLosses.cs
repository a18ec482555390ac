using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>A sum of losses, each times its weight. They are computed one after the other, so memory is that of the largest.</summary>
/// <param name="terms">The losses with their weights; at least one.</param>
public sealed class WeightedLosses(IReadOnlyList<(double Weight, ISegmentationLoss Loss)> terms) : ISegmentationLoss
{
    /// <inheritdoc/>
    public Tensor Forward(Tensor logits, Tensor labels)
    {
        using TensorScope scope = new();
        Tensor sum = terms[0].Loss.Forward(logits, labels) * terms[0].Weight;
        foreach ((double weight, ISegmentationLoss loss) in terms.Skip(1))
        {
            sum = sum + (loss.Forward(logits, labels) * weight);
        }

        return scope.Keep(sum);
    }
}
