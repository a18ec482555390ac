namespace SegNeXt.Torch;

/// <content>Reading elements, and conversions of type, device and layout.</content>
public sealed partial class Tensor
{
    /// <summary>Copies all elements, row-major, from any device and layout.</summary>
    /// <typeparam name="T">The .NET type of <see cref="Type"/>.</typeparam>
    /// <param name="destination">Room for exactly <see cref="NumElements"/> elements.</param>
    /// <exception cref="ArgumentException">T is not the element type, or the length differs.</exception>
    public unsafe void CopyTo<T>(Span<T> destination)
        where T : unmanaged
    {
        RequireType<T>();
        if (destination.Length != NumElements)
        {
            throw new ArgumentException(
                $"The tensor holds {NumElements} elements, the destination {destination.Length}.", nameof(destination));
        }

        fixed (T* data = destination)
        {
            Native.TensorRead(Handle, data, (long)destination.Length * sizeof(T));
        }
    }

    /// <summary>All elements, row-major, from any device and layout.</summary>
    /// <typeparam name="T">The .NET type of <see cref="Type"/>.</typeparam>
    /// <exception cref="ArgumentException">T is not the element type.</exception>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        T[] values = new T[checked((int)NumElements)];
        CopyTo(values.AsSpan());
        return values;
    }

    /// <summary>The only element of a one-element tensor, as a double.</summary>
    /// <exception cref="TorchException">There is not exactly one element.</exception>
    public double Item()
    {
        Native.TensorItem(Handle, out double value);
        return value;
    }

    /// <summary>The tensor's own memory, row-major; valid, and to be used, only while the tensor lives.</summary>
    /// <typeparam name="T">The .NET type of <see cref="Type"/>.</typeparam>
    /// <exception cref="ArgumentException">T is not the element type.</exception>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous on the CPU.</exception>
    public unsafe Span<T> Data<T>()
        where T : unmanaged
    {
        RequireType<T>();
        if (Device.Type != DeviceType.Cpu || !IsContiguous())
        {
            throw new InvalidOperationException("Only a contiguous CPU tensor has its elements in one span.");
        }

        Native.TensorData(Handle, out nint data);
        return new Span<T>((void*)data, checked((int)NumElements));
    }

    /// <summary>The address of the first element of the tensor's own memory; valid, and to be used, only while the tensor lives.</summary>
    /// <typeparam name="T">The .NET type of <see cref="Type"/>.</typeparam>
    /// <param name="format">The order that the elements must lie in.</param>
    /// <exception cref="ArgumentException">T is not the element type.</exception>
    /// <exception cref="InvalidOperationException">The tensor does not lie densely in that order on the CPU.</exception>
    public unsafe T* Pointer<T>(MemoryFormat format = MemoryFormat.Contiguous)
        where T : unmanaged
    {
        RequireType<T>();
        if (Device.Type != DeviceType.Cpu || !IsContiguous(format))
        {
            throw new InvalidOperationException($"Only a {format} CPU tensor has its elements there.");
        }

        Native.TensorData(Handle, out nint data);
        return (T*)data;
    }

    /// <summary>The same values in another element type; shares storage if it is this one already.</summary>
    /// <param name="type">The type asked for.</param>
    public Tensor To(ScalarType type)
    {
        Native.TensorToType(Handle, (int)type, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>The same values on another device; shares storage if it is this one already.</summary>
    /// <param name="device">The device asked for.</param>
    /// <param name="nonBlocking">Lets a copy between page-locked memory and a GPU run beside the caller.</param>
    public Tensor To(Device device, bool nonBlocking = false)
    {
        Native.TensorToDevice(
            Handle, (int)device.Type, device.NativeIndex, nonBlocking ? 1 : 0, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>The same values in another order in memory; shares storage if it is this one already.</summary>
    /// <param name="format">The order asked for.</param>
    public Tensor To(MemoryFormat format)
    {
        Native.TensorToMemoryFormat(Handle, (int)format, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>This tensor if it lies densely in the given order, else a copy that does.</summary>
    /// <param name="format">The order asked for.</param>
    public Tensor Contiguous(MemoryFormat format = MemoryFormat.Contiguous)
    {
        Native.TensorContiguous(Handle, (int)format, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>A copy with storage of its own, recorded by autograd.</summary>
    public Tensor Clone()
    {
        Native.TensorClone(Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Makes this object hold the data of another tensor, keeping its identity as a leaf.</summary>
    internal void SetData(Tensor data)
    {
        Native.TensorSetData(Handle, data.Handle);
        _shape = null;
    }

    private void RequireType<T>()
        where T : unmanaged
    {
        ScalarType asked = ScalarTypes.Of<T>();
        ScalarType found = Type;
        if (asked != found)
        {
            throw new ArgumentException($"The tensor's elements are {found}, not {asked}.");
        }
    }
}
