namespace SegNeXt.Inference;

/// <summary>
/// A batch norm in evaluation as what it is, x · scale + shift per channel: scale = γ / √(σ² + ε), shift = β − μ · scale.
/// </summary>
internal sealed class AffineNorm
{
    private const double Epsilon = 1e-5;

    public AffineNorm(WeightReader weights, string name)
    {
        float[] gain = weights.Read($"{name}.weight"), bias = weights.Read($"{name}.bias");
        float[] mean = weights.Read($"{name}.running_mean"), variance = weights.Read($"{name}.running_var");
        Scale = new double[gain.Length];
        Shift = new double[gain.Length];
        for (int c = 0; c < gain.Length; c++)
        {
            Scale[c] = gain[c] / Math.Sqrt(variance[c] + Epsilon);
            Shift[c] = bias[c] - (mean[c] * Scale[c]);
        }
    }

    public double[] Scale { get; }

    public double[] Shift { get; }
}
