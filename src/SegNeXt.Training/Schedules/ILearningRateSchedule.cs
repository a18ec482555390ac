namespace SegNeXt.Training;

/// <summary>The learning rate over a run.</summary>
public interface ILearningRateSchedule
{
    /// <summary>The learning rate that an iteration uses.</summary>
    /// <param name="iteration">The iteration, counted from 0; past the end the rate stays what it is there.</param>
    /// <param name="baseRate">The parameter group's own base rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">The iteration is negative.</exception>
    double Rate(int iteration, double baseRate);
}
