using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// How a run computes in 16 bits: the forward pass under autocast, and for half precision the loss scaled for the backward
/// pass, since gradients below 6·10⁻⁸ are zeros there. Weights, the optimiser, normalisations, softmax, the hamburger's
/// factorisation and the loss are in single precision.
/// </summary>
internal sealed class MixedPrecision
{
    /// <summary>Steps in a row without a usable gradient after which a run ends: the factor is far below 1 then.</summary>
    public const int MostSkipped = 30;

    private readonly Precision _precision;
    private int _skipped;

    /// <summary>Prepares a run's.</summary>
    /// <param name="precision">The number format.</param>
    public MixedPrecision(Precision precision) => _precision = precision;

    /// <summary>The factor of the loss and what it remembers; checkpoints keep it.</summary>
    public LossScale Scale { get; set; } = LossScale.First;

    /// <summary>Whether the loss is scaled.</summary>
    public bool Scales => _precision == Precision.Fp16;

    /// <summary>Computes the gradients, larger by the factor.</summary>
    /// <param name="loss">A scalar in the graph.</param>
    public void Backward(Tensor loss)
    {
        if (!Scales)
        {
            loss.Backward();
            return;
        }

        using Tensor scaled = loss * Scale.Factor;
        scaled.Backward();
    }

    /// <summary>Takes the factor out of the gradients, and sets that of the next step.</summary>
    /// <param name="parameters">The parameters that learn.</param>
    /// <returns>Whether the gradients can be used; else the step is left out.</returns>
    public bool Unscale(IReadOnlyList<Tensor> parameters)
    {
        if (!Scales)
        {
            return true;
        }

        bool finite = GradientScaling.Unscale(parameters, Scale.Factor);
        Scale = Scale.After(finite);
        _skipped = finite ? 0 : _skipped + 1;
        return finite;
    }

    /// <summary>Whether so many steps in a row were left out that no factor will help.</summary>
    public bool IsHopeless => _skipped >= MostSkipped;
}

/// <summary>
/// The factor of a loss in half precision: halved after a step whose gradient left the format's range, doubled after
/// <see cref="GrowthInterval"/> steps in a row without.
/// </summary>
/// <remarks><c>torch.cuda.amp.GradScaler</c> with its default settings.</remarks>
/// <param name="Factor">The factor, a power of two.</param>
/// <param name="Streak">Steps in a row, so far, whose gradient stayed within the range.</param>
public readonly record struct LossScale(double Factor, int Streak)
{
    /// <summary>Steps without an overflow after which the factor grows.</summary>
    public const int GrowthInterval = 2000;

    /// <summary>What a run begins with.</summary>
    public static LossScale First { get; } = new(65536, 0);

    /// <summary>The factor after another step.</summary>
    /// <param name="finite">Whether all of its gradients were numbers.</param>
    public LossScale After(bool finite)
    {
        if (!finite)
        {
            return new LossScale(Factor * 0.5, 0);
        }

        if (Streak + 1 < GrowthInterval)
        {
            return this with { Streak = Streak + 1 };
        }

        // Above the range of single precision no loss could be multiplied with it.
        return new LossScale(Factor * 2 <= float.MaxValue ? Factor * 2 : Factor, 0);
    }
}
