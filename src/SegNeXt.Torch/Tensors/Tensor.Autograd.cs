namespace SegNeXt.Torch;

/// <content>Gradients.</content>
public sealed partial class Tensor
{
    /// <summary>Whether operations on this tensor are recorded.</summary>
    public bool RequiresGrad
    {
        get
        {
            Native.GetRequiresGrad(Handle, out int on);
            return on != 0;
        }
    }

    /// <summary>The gradient that backward passes have summed up here (shared storage), or null.</summary>
    /// <remarks>A new object at each read, in the reader's scope, like any result.</remarks>
    public Tensor? Grad
    {
        get
        {
            Native.GetGrad(Handle, out TensorHandle result);
            return result.IsInvalid ? null : new Tensor(result);
        }
    }

    /// <summary>Starts or stops recording operations on this tensor, a leaf of the graph.</summary>
    /// <param name="on">Whether to record.</param>
    /// <returns>This tensor.</returns>
    public Tensor RequiresGrad_(bool on = true)
    {
        Native.SetRequiresGrad(Handle, on ? 1 : 0);
        return this;
    }

    /// <summary>A tensor over the same storage, outside the graph.</summary>
    public Tensor Detach()
    {
        Native.Detach(Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Adds the derivatives of this scalar to the gradients of the leaves that it was computed from.</summary>
    /// <exception cref="TorchException">It has more than one element, or no recorded graph.</exception>
    public void Backward() => Native.Backward(Handle, TensorHandle.None, 0);

    /// <summary>Adds the derivatives of Σ gradient · this to the gradients of the leaves.</summary>
    /// <param name="gradient">Of this tensor's shape.</param>
    /// <param name="retainGraph">Keeps the graph for another backward pass.</param>
    public void Backward(Tensor? gradient, bool retainGraph = false) =>
        Native.Backward(Handle, HandleOrNone(gradient), retainGraph ? 1 : 0);

    /// <summary>Drops the gradient, if there is one.</summary>
    public void ClearGrad()
    {
        using HandleList handles = new([this]);
        Native.ClearGrads(handles.Pointers, handles.Count);
    }
}
