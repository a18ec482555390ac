namespace SegNeXt.Training;

/// <summary>
/// The learning rate over a run: a linear warm-up from <c>ratio·base</c> to the base rate over W iterations, the base rate up to a share F of
/// the run, then <c>min + ½·(base − min)·(1 + cos(π·(i/N − F)/(1 − F)))</c>. With F = 0 the cosine counts the warm-up as done.
/// </summary>
/// <remarks>
/// Loshchilov and Hutter (arXiv:1608.03983) without restarts, as DeiT trains (timm's <c>CosineLRScheduler</c>), by iterations. With F near 0.75 it is
/// fastai's <c>fit_flat_cos</c>, which the few-epoch entries of Imagenette's leaderboard train with: where steps are few, a rate that
/// falls from the beginning leaves little of them.
/// </remarks>
/// <param name="Iterations">Length N of the run, at least 1.</param>
/// <param name="WarmupIterations">Length W of the warm-up, 0 for none.</param>
/// <param name="WarmupRatio">Factor of the rate at iteration 0, 0 to 1.</param>
/// <param name="Minimum">The rate at the end, at least 0.</param>
/// <param name="Flat">F, at least 0 and below 1.</param>
public sealed record CosineSchedule(int Iterations, int WarmupIterations = 0, double WarmupRatio = 0, double Minimum = 0, double Flat = 0) : ILearningRateSchedule
{
    /// <inheritdoc/>
    public double Rate(int iteration, double baseRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        if (iteration < WarmupIterations)
        {
            return baseRate * (WarmupRatio + ((1 - WarmupRatio) * iteration / WarmupIterations));
        }

        double done = (double)Math.Min(iteration, Iterations) / Iterations, fallen = Math.Max(0, (done - Flat) / (1 - Flat));
        return Minimum + (0.5 * (baseRate - Minimum) * (1 + Math.Cos(Math.PI * fallen)));
    }
}
