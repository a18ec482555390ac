namespace SegNeXt.Torch;

/// <content>
/// Changes of this tensor itself; each returns it. A leaf that requires a gradient may be changed only inside
/// <see cref="Autograd.NoGrad"/>.
/// </content>
public sealed partial class Tensor
{
    /// <summary>Takes the values of another tensor, of any type and device, that broadcasts to this shape.</summary>
    /// <param name="source">The values.</param>
    public Tensor CopyFrom_(Tensor source)
    {
        Native.CopyInplace(Handle, source.Handle);
        return this;
    }

    /// <summary>x ← 0.</summary>
    public Tensor Zero_() => Fill_(0);

    /// <summary>x ← value.</summary>
    /// <param name="value">The value.</param>
    public Tensor Fill_(double value)
    {
        Native.FillInplace(Handle, value);
        return this;
    }

    /// <summary>x ← x + alpha · other.</summary>
    /// <param name="other">What is added.</param>
    /// <param name="alpha">Its factor.</param>
    public Tensor Add_(Tensor other, double alpha = 1)
    {
        Native.AddInplace(Handle, other.Handle, alpha);
        return this;
    }

    /// <summary>x ← x + value.</summary>
    /// <param name="value">What is added.</param>
    public Tensor Add_(double value)
    {
        Native.AddScalarInplace(Handle, value);
        return this;
    }

    /// <summary>x ← x · other.</summary>
    /// <param name="other">The factors.</param>
    public Tensor Mul_(Tensor other)
    {
        Native.MulInplace(Handle, other.Handle);
        return this;
    }

    /// <summary>x ← x · factor.</summary>
    /// <param name="factor">The factor.</param>
    public Tensor Mul_(double factor)
    {
        Native.MulScalarInplace(Handle, factor);
        return this;
    }

    /// <summary>x ← x + weight · (end − x).</summary>
    /// <param name="end">Where weight 1 leads.</param>
    /// <param name="weight">How far to go.</param>
    public Tensor Lerp_(Tensor end, double weight)
    {
        Native.LerpInplace(Handle, end.Handle, weight);
        return this;
    }
}
