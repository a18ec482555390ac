using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>One comparison of a device's numbers with others.</summary>
/// <param name="What">What was compared.</param>
/// <param name="Difference">The Euclidean norm of the difference, relative to that of what is expected; NaN where it failed.</param>
/// <param name="Tolerance">What it may be.</param>
/// <param name="Fault">Why there are no numbers, or null.</param>
public sealed record CheckedNumbers(string What, double Difference, double Tolerance, string? Fault = null)
{
    /// <summary>Whether the numbers are near enough.</summary>
    public bool Passes => Fault is null && Difference <= Tolerance;

    /// <summary>Compares tensors, all of them as one vector.</summary>
    /// <param name="what">What they are.</param>
    /// <param name="expected">What is expected.</param>
    /// <param name="found">What was found, in the same order and shapes.</param>
    /// <param name="tolerance">What the difference may be.</param>
    internal static CheckedNumbers Compare(string what, IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> found, double tolerance)
    {
        using GradMode noGrad = Autograd.NoGrad();
        double difference = 0, size = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            using TensorScope scope = new();
            Tensor right = expected[i].To(Device.Cpu).To(ScalarType.Float64), ours = found[i].To(Device.Cpu).To(ScalarType.Float64);
            difference += (right - ours).Pow(2).Sum().Item();
            size += right.Pow(2).Sum().Item();
        }

        return new CheckedNumbers(what, Math.Sqrt(difference / size), tolerance);
    }
}
