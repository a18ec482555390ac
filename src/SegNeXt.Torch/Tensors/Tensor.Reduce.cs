namespace SegNeXt.Torch;

/// <content>Products, reductions, and what is made of reductions.</content>
public sealed partial class Tensor
{
    /// <summary>Matrix product with broadcasting of leading dimensions: [..., n, k] × [..., k, m] → [..., n, m].</summary>
    /// <param name="other">The right factor.</param>
    public Tensor MatMul(Tensor other)
    {
        Native.Matmul(Handle, other.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Matrix products of a batch: [B, n, k] × [B, k, m] → [B, n, m].</summary>
    /// <param name="other">The right factors.</param>
    public Tensor Bmm(Tensor other)
    {
        Native.Bmm(Handle, other.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Sum of all elements, a scalar tensor.</summary>
    public Tensor Sum() => Sum([], false);

    /// <summary>Sum over dimensions.</summary>
    /// <param name="dims">The dimensions; none means all.</param>
    /// <param name="keepDim">Keeps them, with size 1.</param>
    public Tensor Sum(ReadOnlySpan<long> dims, bool keepDim = false)
    {
        Native.Sum(Handle, dims, dims.Length, keepDim ? 1 : 0, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Mean of all elements, a scalar tensor.</summary>
    public Tensor Mean() => Mean([], false);

    /// <summary>Mean over dimensions.</summary>
    /// <inheritdoc cref="Sum(ReadOnlySpan{long}, bool)"/>
    public Tensor Mean(ReadOnlySpan<long> dims, bool keepDim = false)
    {
        Native.Mean(Handle, dims, dims.Length, keepDim ? 1 : 0, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Euclidean norm of all elements, a scalar tensor.</summary>
    public Tensor Norm() => Norm([], false);

    /// <summary>Euclidean norm over dimensions.</summary>
    /// <inheritdoc cref="Sum(ReadOnlySpan{long}, bool)"/>
    public Tensor Norm(ReadOnlySpan<long> dims, bool keepDim = false)
    {
        Native.Norm(Handle, dims, dims.Length, keepDim ? 1 : 0, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Largest of all elements, a scalar tensor.</summary>
    public Tensor Max() => Max([], false);

    /// <summary>Largest values over dimensions.</summary>
    /// <inheritdoc cref="Sum(ReadOnlySpan{long}, bool)"/>
    public Tensor Max(ReadOnlySpan<long> dims, bool keepDim = false)
    {
        Native.Max(Handle, dims, dims.Length, keepDim ? 1 : 0, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Smallest of all elements, a scalar tensor.</summary>
    public Tensor Min() => Min([], false);

    /// <summary>Smallest values over dimensions.</summary>
    /// <inheritdoc cref="Sum(ReadOnlySpan{long}, bool)"/>
    public Tensor Min(ReadOnlySpan<long> dims, bool keepDim = false)
    {
        Native.Min(Handle, dims, dims.Length, keepDim ? 1 : 0, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Index (Int64) of the largest value along a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Keeps it, with size 1.</param>
    public Tensor ArgMax(int dim, bool keepDim = false)
    {
        Native.Argmax(Handle, dim, keepDim ? 1 : 0, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>The k largest or smallest values of a dimension, best first, and their indices (Int64).</summary>
    /// <param name="k">How many.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="largest">Largest, or else smallest.</param>
    public (Tensor Values, Tensor Indices) Topk(long k, int dim = -1, bool largest = true)
    {
        Native.Topk(Handle, k, dim, largest ? 1 : 0, out TensorHandle values, out TensorHandle indices);
        return (new Tensor(values), new Tensor(indices));
    }

    /// <summary>A dimension in order, and where each element was (Int64). Equal elements keep their order.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="descending">Largest first; NaN counts as larger than all.</param>
    public (Tensor Values, Tensor Indices) Sort(int dim = -1, bool descending = false)
    {
        Native.Sort(Handle, dim, descending ? 1 : 0, out TensorHandle values, out TensorHandle indices);
        return (new Tensor(values), new Tensor(indices));
    }

    /// <summary>The k-th smallest value of a dimension; NaN counts as larger than all.</summary>
    /// <param name="k">From 1 to the dimension's size.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Keeps it, with size 1.</param>
    public Tensor KthValue(long k, int dim = -1, bool keepDim = false)
    {
        Native.KthValue(Handle, k, dim, keepDim ? 1 : 0, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Sums of the elements up to each one, along a dimension: yᵢ = x₀ + … + xᵢ.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor CumSum(int dim)
    {
        Native.Cumsum(Handle, dim, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>ln Σᵢ exp(xᵢ) along a dimension, computed without its overflow.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Keeps it, with size 1.</param>
    public Tensor LogSumExp(int dim, bool keepDim = false)
    {
        Native.Logsumexp(Handle, dim, keepDim ? 1 : 0, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>How often each of 0, 1, …, bins − 1 occurs in this tensor [n] of non-negative integers, as Int64.</summary>
    /// <param name="bins">Number of counts; there are more where a value is larger.</param>
    public Tensor BinCount(long bins)
    {
        Native.Bincount(Handle, bins, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>exp(xᵢ) / Σⱼ exp(xⱼ) along a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor Softmax(int dim)
    {
        using Tensor wide = Autocast.Widen(this);
        Native.Softmax(wide.Handle, dim, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Logarithm of <see cref="Softmax"/>, computed without its overflow.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor LogSoftmax(int dim)
    {
        using Tensor wide = Autocast.Widen(this);
        Native.LogSoftmax(wide.Handle, dim, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Whether no element is infinite or NaN.</summary>
    public bool AllFinite()
    {
        Native.AllFinite(Handle, out int answer);
        return answer != 0;
    }
}
