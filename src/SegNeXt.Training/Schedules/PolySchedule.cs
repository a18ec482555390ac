namespace SegNeXt.Training;

/// <summary>
/// The learning rate over a run: polynomial decay with a linear warm-up that multiplies the already decaying rate,
/// <c>poly(i) = (base − min)·(1 − i/N)^power + min</c> and, for <c>i &lt; W</c>,
/// <c>rate(i) = poly(i)·(1 − (1 − i/W)·(1 − ratio))</c>.
/// </summary>
/// <remarks>
/// The policy <c>poly</c> with <c>warmup='linear'</c> of the released configuration (mmcv 1.x <c>lr_updater.py</c>);
/// the order of operations is kept, so that the numbers agree to the last bit.
/// </remarks>
public sealed record PolySchedule : ILearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="iterations">Length N of the run, at least 1.</param>
    /// <param name="warmupIterations">Length W of the warm-up, 0 for none.</param>
    /// <param name="warmupRatio">Factor at iteration 0, 0 to 1.</param>
    /// <param name="power">Exponent of the decay, at least 0.</param>
    /// <param name="minimum">The rate at the end, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public PolySchedule(int iterations, int warmupIterations = 0, double warmupRatio = 1e-6, double power = 1.0, double minimum = 0.0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(warmupIterations);
        ArgumentOutOfRangeException.ThrowIfNegative(warmupRatio);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(warmupRatio, 1.0);
        ArgumentOutOfRangeException.ThrowIfNegative(power);
        ArgumentOutOfRangeException.ThrowIfNegative(minimum);
        Iterations = iterations;
        WarmupIterations = warmupIterations;
        WarmupRatio = warmupRatio;
        Power = power;
        Minimum = minimum;
    }

    /// <summary>Length N of the run.</summary>
    public int Iterations { get; }

    /// <summary>Length W of the warm-up.</summary>
    public int WarmupIterations { get; }

    /// <summary>Factor of the warm-up at iteration 0.</summary>
    public double WarmupRatio { get; }

    /// <summary>Exponent of the decay.</summary>
    public double Power { get; }

    /// <summary>The rate at the end.</summary>
    public double Minimum { get; }

    /// <summary>The learning rate that an iteration uses.</summary>
    /// <param name="iteration">The iteration, counted from 0; from N on the rate is <see cref="Minimum"/>.</param>
    /// <param name="baseRate">The parameter group's own base rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">The iteration is negative.</exception>
    public double Rate(int iteration, double baseRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        double left = 1.0 - ((double)Math.Min(iteration, Iterations) / Iterations);
        double regular = ((baseRate - Minimum) * Math.Pow(left, Power)) + Minimum;
        if (iteration >= WarmupIterations)
        {
            return regular;
        }

        double reduction = (1.0 - ((double)iteration / WarmupIterations)) * (1.0 - WarmupRatio);
        return regular * (1.0 - reduction);
    }
}
