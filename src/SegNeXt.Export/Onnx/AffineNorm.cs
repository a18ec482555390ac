namespace SegNeXt.Export;

/// <summary>
/// A batch norm in evaluation as x · scale + shift per channel: scale = γ / √(σ² + ε), shift = β − μ · scale.
/// </summary>
internal sealed class AffineNorm
{
    private const double Epsilon = 1e-5;

    public AffineNorm(ModelTensors tensors, string name)
    {
        float[] gain = tensors.Read($"{name}.weight"), bias = tensors.Read($"{name}.bias");
        float[] mean = tensors.Read($"{name}.running_mean"), variance = tensors.Read($"{name}.running_var");
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
