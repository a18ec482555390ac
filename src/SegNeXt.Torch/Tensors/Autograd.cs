namespace SegNeXt.Torch;

/// <summary>Control of the recording of gradients. The mode belongs to a thread: do not hold it across an await.</summary>
public static class Autograd
{
    /// <summary>Whether this thread records.</summary>
    public static bool Enabled
    {
        get
        {
            Native.GetGradMode(out int on);
            return on != 0;
        }

        set => Native.SetGradMode(value ? 1 : 0);
    }

    /// <summary>Stops recording until the result is disposed.</summary>
    public static GradMode NoGrad() => new(false);

    /// <summary>Starts recording until the result is disposed.</summary>
    public static GradMode EnableGrad() => new(true);

    /// <summary>Derivatives of an output with respect to inputs, leaving the leaves' gradients alone.</summary>
    /// <param name="output">A scalar, unless a gradient is given.</param>
    /// <param name="inputs">Tensors that require gradients and that the output depends on.</param>
    /// <param name="gradient">Weights of the output's elements.</param>
    /// <param name="createGraph">Records the computation, for derivatives of it.</param>
    /// <returns>One tensor per input, of its shape.</returns>
    /// <exception cref="TorchException">The output does not depend on an input.</exception>
    public static Tensor[] Grad(
        Tensor output, IReadOnlyList<Tensor> inputs, Tensor? gradient = null, bool createGraph = false) =>
        Array.ConvertAll(
            Derivatives(output, inputs, gradient, createGraph, allowUnused: false),
            static pointer => new Tensor(new TensorHandle(pointer)));

    /// <summary>As <see cref="Grad"/>, with null for an input that the output does not depend on.</summary>
    /// <inheritdoc cref="Grad"/>
    public static Tensor?[] GradOrNull(
        Tensor output, IReadOnlyList<Tensor> inputs, Tensor? gradient = null, bool createGraph = false) =>
        Array.ConvertAll(
            Derivatives(output, inputs, gradient, createGraph, allowUnused: true),
            static pointer => pointer == 0 ? null : new Tensor(new TensorHandle(pointer)));

    private static nint[] Derivatives(
        Tensor output, IReadOnlyList<Tensor> inputs, Tensor? gradient, bool createGraph, bool allowUnused)
    {
        nint[] results = new nint[inputs.Count];
        using HandleList handles = new(inputs);
        Native.Grad(
            output.Handle, Tensor.HandleOrNone(gradient), handles.Pointers, handles.Count, createGraph ? 1 : 0,
            allowUnused ? 1 : 0, results);
        return results;
    }
}

/// <summary>A choice of recording or not, undone by <see cref="Dispose"/>.</summary>
public readonly struct GradMode : IDisposable, IEquatable<GradMode>
{
    private readonly bool _before;

    /// <summary>Sets the thread's mode.</summary>
    internal GradMode(bool enabled)
    {
        _before = Autograd.Enabled;
        Autograd.Enabled = enabled;
    }

    /// <summary>Whether two values restore the same mode.</summary>
    public static bool operator ==(GradMode left, GradMode right) => left.Equals(right);

    /// <summary>Whether two values restore different modes.</summary>
    public static bool operator !=(GradMode left, GradMode right) => !left.Equals(right);

    /// <summary>Restores the mode that was in force before.</summary>
    public void Dispose() => Autograd.Enabled = _before;

    /// <inheritdoc/>
    public bool Equals(GradMode other) => _before == other._before;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GradMode other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _before.GetHashCode();
}
