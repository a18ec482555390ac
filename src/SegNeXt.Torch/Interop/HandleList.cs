using System.Buffers;

namespace SegNeXt.Torch;

/// <summary>
/// The native pointers of several tensors for one call: each handle is held from construction to disposal, so none
/// can be freed meanwhile.
/// </summary>
internal ref struct HandleList : IDisposable
{
    private readonly IReadOnlyList<Tensor> _tensors;
    private readonly nint[] _pointers;
    private int _held;

    /// <summary>Holds the handles of all tensors.</summary>
    public HandleList(IReadOnlyList<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        _tensors = tensors;
        _pointers = ArrayPool<nint>.Shared.Rent(tensors.Count);
        try
        {
            for (; _held < tensors.Count; _held++)
            {
                bool added = false;
                TensorHandle handle = tensors[_held].Handle;
                handle.DangerousAddRef(ref added);
                _pointers[_held] = handle.DangerousGetHandle();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The pointers, in the tensors' order.</summary>
    public readonly ReadOnlySpan<nint> Pointers => _pointers.AsSpan(0, _tensors.Count);

    /// <summary>How many there are.</summary>
    public readonly int Count => _tensors.Count;

    /// <summary>Lets the handles go.</summary>
    public void Dispose()
    {
        while (_held > 0)
        {
            _tensors[--_held].HandleUnchecked.DangerousRelease();
        }

        ArrayPool<nint>.Shared.Return(_pointers);
    }
}
