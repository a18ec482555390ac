namespace SegNeXt.Training;

/// <summary>
/// The learning rate over a run: a linear warm-up from <c>ratio·base</c> to the base rate over W iterations, then
/// <c>min + ½·(base − min)·(1 + cos(π·i/N))</c>, a cosine that counts the warm-up as done.
/// </summary>
/// <remarks>Loshchilov and Hutter (arXiv:1608.03983) without restarts, as DeiT trains (timm's <c>CosineLRScheduler</c>), by iterations.</remarks>
/// <param name="Iterations">Length N of the run, at least 1.</param>
/// <param name="WarmupIterations">Length W of the warm-up, 0 for none.</param>
/// <param name="WarmupRatio">Factor of the rate at iteration 0, 0 to 1.</param>
/// <param name="Minimum">The rate at the end, at least 0.</param>
public sealed record CosineSchedule(int Iterations, int WarmupIterations = 0, double WarmupRatio = 0, double Minimum = 0) : ILearningRateSchedule
{
    /// <inheritdoc/>
    public double Rate(int iteration, double baseRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        if (iteration < WarmupIterations)
        {
            return baseRate * (WarmupRatio + ((1 - WarmupRatio) * iteration / WarmupIterations));
        }

        double done = (double)Math.Min(iteration, Iterations) / Iterations;
        return Minimum + (0.5 * (baseRate - Minimum) * (1 + Math.Cos(Math.PI * done)));
    }
}
