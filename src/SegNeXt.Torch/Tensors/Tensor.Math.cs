namespace SegNeXt.Torch;

/// <content>
/// Functions of each element, comparisons, and in-place forms. Two tensors broadcast as in PyTorch; a number with an
/// integral value keeps an integral tensor's type.
/// </content>
public sealed partial class Tensor
{
    /// <summary>eˣ.</summary>
    public Tensor Exp()
    {
        Native.Exp(Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Natural logarithm.</summary>
    public Tensor Log()
    {
        Native.Log(Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Square root.</summary>
    public Tensor Sqrt()
    {
        Native.Sqrt(Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x to a power.</summary>
    /// <param name="exponent">The power.</param>
    public Tensor Pow(double exponent)
    {
        Native.Pow(Handle, exponent, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Absolute value.</summary>
    public Tensor Abs()
    {
        Native.Abs(Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public Tensor Sigmoid()
    {
        Native.Sigmoid(Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>max(x, 0).</summary>
    public Tensor Relu()
    {
        Native.Relu(Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x · Φ(x) = x/2 · (1 + erf(x/√2)): the exact form, not the tanh one.</summary>
    public Tensor Gelu()
    {
        Native.Gelu(Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>min(max(x, min), max).</summary>
    /// <param name="min">Lower bound; −∞ for none.</param>
    /// <param name="max">Upper bound; +∞ for none.</param>
    public Tensor Clamp(double min = double.NegativeInfinity, double max = double.PositiveInfinity)
    {
        Native.Clamp(Handle, min, max, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x = y, as Bool.</summary>
    /// <param name="other">y.</param>
    public Tensor Eq(Tensor other)
    {
        Native.Eq(Handle, other.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <inheritdoc cref="Eq(Tensor)"/>
    public Tensor Eq(double other)
    {
        Native.EqScalar(Handle, other, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x ≠ y, as Bool.</summary>
    /// <param name="other">y.</param>
    public Tensor Ne(Tensor other)
    {
        Native.Ne(Handle, other.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <inheritdoc cref="Ne(Tensor)"/>
    public Tensor Ne(double other)
    {
        Native.NeScalar(Handle, other, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x &lt; y, as Bool.</summary>
    /// <param name="other">y.</param>
    public Tensor Lt(Tensor other)
    {
        Native.Lt(Handle, other.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <inheritdoc cref="Lt(Tensor)"/>
    public Tensor Lt(double other)
    {
        Native.LtScalar(Handle, other, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x &gt; y, as Bool.</summary>
    /// <param name="other">y.</param>
    public Tensor Gt(Tensor other)
    {
        Native.Gt(Handle, other.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <inheritdoc cref="Gt(Tensor)"/>
    public Tensor Gt(double other)
    {
        Native.GtScalar(Handle, other, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x ≥ y, as Bool.</summary>
    /// <param name="other">y.</param>
    public Tensor Ge(Tensor other)
    {
        Native.Ge(Handle, other.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <inheritdoc cref="Ge(Tensor)"/>
    public Tensor Ge(double other)
    {
        Native.GeScalar(Handle, other, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Elements of x where a condition holds, else of y.</summary>
    /// <param name="condition">Bool.</param>
    /// <param name="x">Taken where true.</param>
    /// <param name="y">Taken where false.</param>
    public static Tensor Where(Tensor condition, Tensor x, Tensor y)
    {
        Native.Where(condition.Handle, x.Handle, y.Handle, out TensorHandle result);
        return new Tensor(result);
    }
}
