namespace SegNeXt.Torch;

/// <summary>Group normalisation (<see cref="Functional.GroupNorm"/>).</summary>
/// <remarks>Keys "weight" (ones) and "bias" (zeros), each [C].</remarks>
public sealed class GroupNorm : Module
{
    /// <summary>A group normalisation.</summary>
    /// <param name="groups">Number of groups.</param>
    /// <param name="channels">C, a multiple of the groups.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public GroupNorm(int groups, int channels, double eps = 1e-5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if (channels % groups != 0)
        {
            throw new ArgumentException($"{groups} groups do not divide {channels} channels.", nameof(groups));
        }

        (Groups, Eps) = (groups, eps);
        Weight = RegisterParameter("weight", Tensor.Ones([channels]));
        Bias = RegisterParameter("bias", Tensor.Zeros([channels]));
    }

    /// <summary>Number of groups.</summary>
    public int Groups { get; }

    /// <summary>Added to the variance.</summary>
    public double Eps { get; }

    /// <summary>Scale [C].</summary>
    public Tensor Weight { get; }

    /// <summary>Shift [C].</summary>
    public Tensor Bias { get; }

    /// <summary>Normalises each group of channels of each sample.</summary>
    /// <param name="x">[N, C, ...].</param>
    /// <returns>The same shape.</returns>
    public Tensor Forward(Tensor x) => Functional.GroupNorm(x, Groups, Weight, Bias, Eps);
}
