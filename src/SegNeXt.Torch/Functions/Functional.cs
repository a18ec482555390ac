namespace SegNeXt.Torch;

/// <summary>Operations of networks, as <c>torch.nn.functional</c> has them. N batch, C channels, H height, W width.</summary>
public static partial class Functional
{
    /// <summary>Two-dimensional cross-correlation, zero-padded.</summary>
    /// <param name="x">Features [N, C, H, W].</param>
    /// <param name="weight">Kernels [O, C / groups, kh, kw].</param>
    /// <param name="bias">[O], or null.</param>
    /// <param name="stride">Step of the kernel, ≥ 1.</param>
    /// <param name="padding">Zeros on each side, ≥ 0.</param>
    /// <param name="dilation">Distance of the kernel's taps, ≥ 1.</param>
    /// <param name="groups">Number of separate channel groups; C for a depth-wise convolution.</param>
    /// <returns>[N, O, ⌊(H + 2·padding − dilation·(kh − 1) − 1) / stride⌋ + 1, likewise for W].</returns>
    public static Tensor Conv2d(
        Tensor x, Tensor weight, Tensor? bias, (int H, int W) stride, (int H, int W) padding, (int H, int W) dilation,
        int groups)
    {
        Native.Conv2d(
            x.Handle, weight.Handle, Tensor.HandleOrNone(bias), stride.H, stride.W, padding.H, padding.W, dilation.H,
            dilation.W, groups, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Convolution with the same stride, padding and dilation in both directions.</summary>
    /// <inheritdoc cref="Conv2d(Tensor, Tensor, Tensor?, ValueTuple{int, int}, ValueTuple{int, int}, ValueTuple{int, int}, int)"/>
    public static Tensor Conv2d(
        Tensor x, Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, int dilation = 1, int groups = 1) =>
        Conv2d(x, weight, bias, (stride, stride), (padding, padding), (dilation, dilation), groups);

    /// <summary>x · weightᵀ + bias over the last dimension.</summary>
    /// <param name="x">[..., in].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out], or null.</param>
    /// <returns>[..., out].</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null)
    {
        Native.Linear(x.Handle, weight.Handle, Tensor.HandleOrNone(bias), out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>e^xᵢ / Σⱼ e^xⱼ along a dimension.</summary>
    /// <param name="x">Any tensor.</param>
    /// <param name="dim">The dimension.</param>
    public static Tensor Softmax(Tensor x, int dim) => x.Softmax(dim);

    /// <summary>max(x, 0).</summary>
    /// <param name="x">Any tensor.</param>
    public static Tensor Relu(Tensor x) => x.Relu();

    /// <summary>x · Φ(x), by the error function.</summary>
    /// <param name="x">Any floating-point tensor.</param>
    public static Tensor Gelu(Tensor x) => x.Gelu();

    /// <summary>Sets whole channels to zero with probability p and divides the others by 1 − p.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="p">Probability, in [0, 1]; with 0 the result is x.</param>
    /// <param name="generator">Where the draws come from, on x's device.</param>
    public static Tensor Dropout2d(Tensor x, double p, Generator generator)
    {
        if (p is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies in [0, 1].");
        }

        if (p == 0)
        {
            return x.Share();
        }

        using Tensor keep = Tensor.Bernoulli([x.Size(0), x.Size(1), 1, 1], 1 - p, generator, x.Type);
        return x * (p == 1 ? keep : keep.Mul_(1 / (1 - p)));
    }

    /// <summary>x / max(‖x‖₂, eps) along a dimension.</summary>
    /// <param name="x">Any floating-point tensor.</param>
    /// <param name="dim">The dimension whose vectors get length 1.</param>
    /// <param name="eps">Smallest divisor.</param>
    public static Tensor Normalize(Tensor x, int dim, double eps = 1e-12)
    {
        using Tensor norm = x.Norm([dim], keepDim: true);
        using Tensor divisor = norm.Clamp(min: eps);
        return x / divisor;
    }

    /// <summary>Puts values around the last dimensions.</summary>
    /// <param name="x">Any tensor; [C, H, W] or [N, C, H, W] for reflect and replicate, which pad H and W.</param>
    /// <param name="padding">(before, after) for the last dimension, then for the one before it, and so on.</param>
    /// <param name="mode">What to put there.</param>
    /// <param name="value">The value of <see cref="PaddingMode.Constant"/>.</param>
    public static Tensor Pad(
        Tensor x, ReadOnlySpan<long> padding, PaddingMode mode = PaddingMode.Constant, double value = 0)
    {
        Native.Pad(x.Handle, padding, padding.Length, (int)mode, value, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Cross entropy −log softmax(logits)[target], weighted, over the pixels that are not ignored.</summary>
    /// <param name="logits">[N, K] or [N, K, H, W].</param>
    /// <param name="target">Class numbers, Int64, [N] or [N, H, W].</param>
    /// <param name="weight">A factor per class [K], or null. The mean divides by the sum of the factors.</param>
    /// <param name="ignoreIndex">Target value of elements that do not count.</param>
    /// <param name="reduction">What to do with the elements.</param>
    /// <param name="labelSmoothing">Share of the target that is spread over all classes, in [0, 1].</param>
    /// <returns>A scalar; with <see cref="Reduction.None"/> the target's shape, 0 where ignored. A mean over no element
    /// is NaN.</returns>
    public static Tensor CrossEntropy(
        Tensor logits, Tensor target, Tensor? weight = null, int ignoreIndex = -100, Reduction reduction = Reduction.Mean,
        double labelSmoothing = 0)
    {
        Native.CrossEntropy(
            logits.Handle, target.Handle, Tensor.HandleOrNone(weight), ignoreIndex, (int)reduction, labelSmoothing,
            out TensorHandle result);
        return new Tensor(result);
    }
}
