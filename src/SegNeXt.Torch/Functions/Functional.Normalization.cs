namespace SegNeXt.Torch;

/// <content>
/// Normalisations: (x − mean) / √(var + eps) · weight + bias, over different parts of x. Their statistics are in single
/// precision at least: under <see cref="Autocast"/> 16-bit maps are widened, except for batch norm on a GPU, whose kernels
/// read 16-bit maps and sum in single precision.
/// </content>
public static partial class Functional
{
    /// <summary>Normalises each channel over batch and positions.</summary>
    /// <param name="x">[N, C, ...].</param>
    /// <param name="weight">[C], or null.</param>
    /// <param name="bias">[C], or null.</param>
    /// <param name="runningMean">[C], or null; updated in place when training.</param>
    /// <param name="runningVar">[C], unbiased, or null; updated in place when training.</param>
    /// <param name="training">Uses the batch's statistics, else the running ones.</param>
    /// <param name="momentum">running ← (1 − momentum) · running + momentum · batch.</param>
    /// <param name="eps">Added to the variance.</param>
    public static Tensor BatchNorm(
        Tensor x, Tensor? weight, Tensor? bias, Tensor? runningMean, Tensor? runningVar, bool training, double momentum,
        double eps)
    {
        using Tensor wide = x.Device.IsCuda ? x.Share() : Autocast.Widen(x);
        Native.BatchNorm(
            wide.Handle, Tensor.HandleOrNone(weight), Tensor.HandleOrNone(bias), Tensor.HandleOrNone(runningMean),
            Tensor.HandleOrNone(runningVar), training ? 1 : 0, momentum, eps, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Normalises over the last dimensions.</summary>
    /// <param name="x">[..., normalizedShape].</param>
    /// <param name="normalizedShape">The last dimensions' sizes.</param>
    /// <param name="weight">Of that shape, or null.</param>
    /// <param name="bias">Of that shape, or null.</param>
    /// <param name="eps">Added to the variance.</param>
    public static Tensor LayerNorm(
        Tensor x, ReadOnlySpan<long> normalizedShape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
    {
        using Tensor wide = Autocast.Widen(x);
        Native.LayerNorm(
            wide.Handle, normalizedShape, normalizedShape.Length, Tensor.HandleOrNone(weight), Tensor.HandleOrNone(bias), eps,
            out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Normalises each group of channels of each sample.</summary>
    /// <param name="x">[N, C, ...].</param>
    /// <param name="groups">Number of groups; divides C.</param>
    /// <param name="weight">[C], or null.</param>
    /// <param name="bias">[C], or null.</param>
    /// <param name="eps">Added to the variance.</param>
    public static Tensor GroupNorm(
        Tensor x, int groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
    {
        using Tensor wide = Autocast.Widen(x);
        Native.GroupNorm(
            wide.Handle, groups, Tensor.HandleOrNone(weight), Tensor.HandleOrNone(bias), eps, out TensorHandle result);
        return new Tensor(result);
    }
}
