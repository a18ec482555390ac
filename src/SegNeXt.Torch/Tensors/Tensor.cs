namespace SegNeXt.Torch;

/// <summary>A libtorch tensor: a shape, an element type, a device, and perhaps a place in autograd's graph.</summary>
/// <remarks>
/// Every method that returns a tensor returns a new object, owned by the innermost <see cref="TensorScope"/> of the
/// thread or, without one, by the caller, who disposes it. Views share storage with their source; each keeps the storage
/// alive by itself. Failures of libtorch, such as shapes that do not fit, are <see cref="TorchException"/>s with its
/// message. Dimensions may be negative, counted from the end. Names and rules are PyTorch's.
/// </remarks>
public sealed partial class Tensor : IDisposable
{
    private readonly TensorHandle _handle;
    private long[]? _shape;

    /// <summary>Wraps a new native handle and gives it to the thread's scope.</summary>
    internal Tensor(TensorHandle handle)
    {
        _handle = handle;
        TensorScope.Adopt(this);
    }

    /// <summary>Sizes, outermost first. The array is the tensor's own: read it only.</summary>
    public long[] Shape => _shape ??= ReadShape();

    /// <summary>Number of dimensions.</summary>
    public int Rank => Shape.Length;

    /// <summary>Number of elements; 1 for a scalar.</summary>
    public long NumElements
    {
        get
        {
            long count = 1;
            foreach (long size in Shape)
            {
                count *= size;
            }

            return count;
        }
    }

    /// <summary>Type of the elements.</summary>
    public ScalarType Type
    {
        get
        {
            Native.TensorScalarType(Handle, out int type);
            return (ScalarType)type;
        }
    }

    /// <summary>Where the elements are.</summary>
    public Device Device
    {
        get
        {
            Native.TensorDevice(Handle, out int type, out int index);
            return new Device((DeviceType)type, Math.Max(index, 0));
        }
    }

    /// <summary>Distance in elements between neighbours along each dimension.</summary>
    public long[] Strides
    {
        get
        {
            long[] strides = new long[Rank];
            Native.TensorStrides(Handle, strides, strides.Length);
            return strides;
        }
    }

    /// <summary>The native handle.</summary>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    internal TensorHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return _handle;
        }
    }

    /// <summary>The native handle, open or not.</summary>
    internal TensorHandle HandleUnchecked => _handle;

    /// <summary>The scope that will dispose this tensor, or null.</summary>
    internal TensorScope? Scope { get; set; }

    /// <summary>The tensor's place in its scope.</summary>
    internal int ScopeSlot { get; set; }

    /// <summary>Size of one dimension.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public long Size(int dim)
    {
        long[] shape = Shape;
        int index = dim < 0 ? dim + shape.Length : dim;
        if ((uint)index >= (uint)shape.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(dim), dim, $"The tensor has {shape.Length} dimensions.");
        }

        return shape[index];
    }

    /// <summary>Whether the elements lie densely in the order of a memory format.</summary>
    /// <param name="format">The order asked for.</param>
    public bool IsContiguous(MemoryFormat format = MemoryFormat.Contiguous)
    {
        Native.TensorIsContiguous(Handle, (int)format, out int answer);
        return answer != 0;
    }

    /// <summary>Moves the tensor from its scope to the next outer one, or out of all scopes.</summary>
    /// <returns>This tensor.</returns>
    public Tensor KeepAlive()
    {
        Scope?.MoveOut(this);
        return this;
    }

    /// <summary>Gives up this reference; the storage goes with its last reference, also that of a recorded graph.</summary>
    public void Dispose()
    {
        Scope?.Remove(this);
        _handle.Dispose();
    }

    /// <summary>Shape, type and device, such as "[2, 3] Float32 cpu".</summary>
    public override string ToString() =>
        _handle.IsClosed ? "disposed tensor" : $"[{string.Join(", ", Shape)}] {Type} {Device}";

    /// <summary>Takes the tensor out of every scope: it has an owner now, who disposes it.</summary>
    public void LeaveScopes() => Scope?.Release(this);

    /// <summary>Disposes without telling the scope, which is asking.</summary>
    internal void DisposeByScope()
    {
        Scope = null;
        _handle.Dispose();
    }

    /// <summary>A second object for the same tensor, so that results are always the receiver's to dispose.</summary>
    internal Tensor Share()
    {
        Native.TensorShare(Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>The handle of an optional tensor.</summary>
    internal static TensorHandle HandleOrNone(Tensor? tensor) => tensor is null ? TensorHandle.None : tensor.Handle;

    private long[] ReadShape()
    {
        Native.TensorRank(Handle, out int rank);
        long[] shape = new long[rank];
        Native.TensorSizes(Handle, shape, rank);
        return shape;
    }
}
