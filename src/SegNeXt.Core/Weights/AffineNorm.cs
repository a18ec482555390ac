namespace SegNeXt.Core;

/// <summary>
/// A batch norm in evaluation as x · scale + shift per channel: scale = γ / √(σ² + ε), shift = β − μ · scale.
/// </summary>
public sealed class AffineNorm
{
    private const double Epsilon = 1e-5;

    /// <summary>Reads a batch norm.</summary>
    /// <param name="tensors">The model's tensors.</param>
    /// <param name="name">Its name, before <c>.weight</c>.</param>
    public AffineNorm(ModelTensors tensors, string name)
    {
        ArgumentNullException.ThrowIfNull(tensors);
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

    /// <summary>A number a channel, to fold in double precision.</summary>
    public double[] Scale { get; }

    /// <summary>A number a channel.</summary>
    public double[] Shift { get; }
}
