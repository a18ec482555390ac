namespace SegNeXt.Torch;

/// <summary>
/// Owns the tensors that its thread creates while it is the innermost scope, and disposes them with itself: a training
/// step inside one <c>using</c> leaves nothing behind.
/// </summary>
/// <remarks>
/// Tensors leave by <see cref="Keep"/> or <see cref="Tensor.KeepAlive"/>, to the next outer scope or to none; parameters
/// and buffers leave all scopes when a <see cref="Module"/> registers them. Scopes nest and belong to one thread; do not
/// hold one across an <c>await</c>.
/// </remarks>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? s_current;

    private readonly TensorScope? _outer;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Tensor?> _tensors = [];
    private bool _disposed;

    /// <summary>Opens a scope inside the thread's present one.</summary>
    public TensorScope()
    {
        _outer = s_current;
        s_current = this;
    }

    /// <summary>Moves a tensor out of its scope into the next outer one, or out of all if there is none.</summary>
    /// <param name="tensor">A tensor of this scope; one that no scope owns stays as it is.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">Another scope owns the tensor.</exception>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Scope is not null && tensor.Scope != this)
        {
            throw new ArgumentException("The tensor belongs to another scope.", nameof(tensor));
        }

        return tensor.KeepAlive();
    }

    /// <summary>Disposes the tensors that the scope still owns.</summary>
    /// <exception cref="InvalidOperationException">
    /// An inner scope is still open, or this is not the scope's thread.
    /// </exception>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        if (s_current != this)
        {
            throw new InvalidOperationException(
                "A tensor scope must be disposed on its thread, after the scopes that were opened inside it.");
        }

        _disposed = true;
        s_current = _outer;
        foreach (Tensor? tensor in _tensors)
        {
            tensor?.DisposeByScope();
        }

        _tensors.Clear();
    }

    /// <summary>Gives a new tensor to the thread's innermost scope, if there is one.</summary>
    internal static void Adopt(Tensor tensor) => s_current?.Add(tensor);

    /// <summary>Moves a tensor to the next outer scope, or to none.</summary>
    internal void MoveOut(Tensor tensor)
    {
        Release(tensor);
        _outer?.Add(tensor);
    }

    /// <summary>Moves a tensor out of all scopes.</summary>
    internal void Release(Tensor tensor)
    {
        if (_thread != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("Only the thread of a tensor's scope can take the tensor out of it.");
        }

        Remove(tensor);
    }

    /// <summary>Forgets a tensor that is being disposed or has found another owner.</summary>
    internal void Remove(Tensor tensor)
    {
        if (_thread != Environment.CurrentManagedThreadId)
        {
            // Only the owner's thread may touch the list; disposing an already disposed tensor later is harmless.
            return;
        }

        _tensors[tensor.ScopeSlot] = null;
        tensor.Scope = null;

        // The usual order is last in, first out; giving the slots back keeps a long scope of many short uses small.
        int count = _tensors.Count;
        while (count > 0 && _tensors[count - 1] is null)
        {
            count--;
        }

        _tensors.RemoveRange(count, _tensors.Count - count);
    }

    private void Add(Tensor tensor)
    {
        tensor.Scope = this;
        tensor.ScopeSlot = _tensors.Count;
        _tensors.Add(tensor);
    }
}
