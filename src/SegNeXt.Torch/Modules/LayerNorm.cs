namespace SegNeXt.Torch;

/// <summary>Layer normalisation over the last dimensions (<see cref="Functional.LayerNorm"/>).</summary>
/// <remarks>Keys "weight" (ones) and "bias" (zeros), of the normalised shape.</remarks>
public sealed class LayerNorm : Module
{
    private readonly long[] _normalizedShape;

    /// <summary>A layer normalisation.</summary>
    /// <param name="normalizedShape">Sizes of the last dimensions.</param>
    /// <param name="eps">Added to the variance.</param>
    public LayerNorm(ReadOnlySpan<long> normalizedShape, double eps = 1e-5)
    {
        Eps = eps;
        _normalizedShape = normalizedShape.ToArray();
        Weight = RegisterParameter("weight", Tensor.Ones(normalizedShape));
        Bias = RegisterParameter("bias", Tensor.Zeros(normalizedShape));
    }

    /// <summary>A layer normalisation over the last dimension.</summary>
    /// <param name="features">Its size.</param>
    /// <param name="eps">Added to the variance.</param>
    public LayerNorm(int features, double eps = 1e-5)
        : this([features], eps)
    {
    }

    /// <summary>Added to the variance.</summary>
    public double Eps { get; }

    /// <summary>Scale.</summary>
    public Tensor Weight { get; }

    /// <summary>Shift.</summary>
    public Tensor Bias { get; }

    /// <summary>Normalises.</summary>
    /// <param name="x">[..., normalised shape].</param>
    /// <returns>The same shape.</returns>
    public Tensor Forward(Tensor x) => Functional.LayerNorm(x, _normalizedShape, Weight, Bias, Eps);
}
