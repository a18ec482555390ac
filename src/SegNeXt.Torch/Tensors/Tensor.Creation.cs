namespace SegNeXt.Torch;

/// <content>New tensors.</content>
public sealed partial class Tensor
{
    /// <summary>A tensor of uninitialised memory.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="type">Element type.</param>
    /// <param name="device">Where; the CPU by default.</param>
    public static Tensor Empty(ReadOnlySpan<long> shape, ScalarType type = ScalarType.Float32, Device? device = null)
    {
        Device where = device ?? Device.Cpu;
        Native.Empty(shape, shape.Length, (int)type, (int)where.Type, where.NativeIndex, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>A tensor of zeros.</summary>
    /// <inheritdoc cref="Empty"/>
    public static Tensor Zeros(ReadOnlySpan<long> shape, ScalarType type = ScalarType.Float32, Device? device = null) =>
        Full(shape, 0, type, device);

    /// <summary>A tensor of ones.</summary>
    /// <inheritdoc cref="Empty"/>
    public static Tensor Ones(ReadOnlySpan<long> shape, ScalarType type = ScalarType.Float32, Device? device = null) =>
        Full(shape, 1, type, device);

    /// <summary>A tensor with one value everywhere.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">Element type.</param>
    /// <param name="device">Where; the CPU by default.</param>
    public static Tensor Full(
        ReadOnlySpan<long> shape, double value, ScalarType type = ScalarType.Float32, Device? device = null)
    {
        Device where = device ?? Device.Cpu;
        Native.Full(shape, shape.Length, value, (int)type, (int)where.Type, where.NativeIndex, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Zeros with the shape, type, device and memory layout of another tensor.</summary>
    /// <param name="other">The tensor to resemble.</param>
    public static Tensor ZerosLike(Tensor other)
    {
        Native.ZerosLike(other.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>A CPU tensor holding a copy of values.</summary>
    /// <typeparam name="T">float, double, Half, long, int, short, sbyte, byte or bool.</typeparam>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="shape">Sizes; their product is the number of values.</param>
    /// <exception cref="ArgumentException">The counts differ, or T is no element type.</exception>
    public static unsafe Tensor FromArray<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        ScalarType type = ScalarTypes.Of<T>();
        long count = 1;
        foreach (long size in shape)
        {
            count *= size;
        }

        if (count != values.Length)
        {
            throw new ArgumentException(
                $"The shape [{string.Join(", ", shape.ToArray())}] holds {count} elements, {values.Length} were given.",
                nameof(values));
        }

        fixed (T* data = values)
        {
            Native.FromData(data, (long)values.Length * sizeof(T), shape, shape.Length, (int)type, out TensorHandle result);
            return new Tensor(result);
        }
    }

    /// <summary>
    /// A copy of values on a device. For a GPU they go into page-locked memory first, from which it takes them while the
    /// program goes on.
    /// </summary>
    /// <typeparam name="T">float, double, Half, long, int, short, sbyte, byte or bool.</typeparam>
    /// <param name="values">The elements, row-major; free to be changed as soon as this returns.</param>
    /// <param name="shape">Sizes; their product is the number of values.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="ArgumentException">The counts differ, or T is no element type.</exception>
    public static Tensor FromArray<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> shape, Device device)
        where T : unmanaged
    {
        if (device.Type == DeviceType.Cpu)
        {
            return FromArray(values, shape);
        }

        Native.EmptyPinned(shape, shape.Length, (int)ScalarTypes.Of<T>(), out TensorHandle handle);
        using Tensor pinned = new(handle);
        if (pinned.NumElements != values.Length)
        {
            throw new ArgumentException(
                $"The shape [{string.Join(", ", shape.ToArray())}] holds {pinned.NumElements} elements, {values.Length} were given.",
                nameof(values));
        }

        values.CopyTo(pinned.Data<T>());

        // libtorch keeps page-locked memory from being used again until the copy is done.
        return pinned.To(device, nonBlocking: true);
    }

    /// <inheritdoc cref="FromArray{T}(ReadOnlySpan{T}, ReadOnlySpan{long})"/>
    public static Tensor FromArray<T>(T[] values, ReadOnlySpan<long> shape)
        where T : unmanaged =>
        FromArray((ReadOnlySpan<T>)values, shape);

    /// <summary>A tensor without dimensions, holding one number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="type">Element type.</param>
    /// <param name="device">Where; the CPU by default.</param>
    public static Tensor Scalar(double value, ScalarType type = ScalarType.Float32, Device? device = null) =>
        Full([], value, type, device);

    /// <summary>0, 1, …, count − 1 as Int64.</summary>
    /// <param name="count">How many.</param>
    /// <param name="device">Where; the CPU by default.</param>
    public static Tensor Arange(long count, Device? device = null)
    {
        Device where = device ?? Device.Cpu;
        Native.Arange(count, (int)where.Type, where.NativeIndex, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Independent draws from [low, high), on the generator's device.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="low">Smallest value.</param>
    /// <param name="high">Bound above; excluded, up to rounding.</param>
    /// <param name="generator">Where the draws come from.</param>
    /// <param name="type">A floating-point type.</param>
    public static Tensor Uniform(
        ReadOnlySpan<long> shape, double low, double high, Generator generator, ScalarType type = ScalarType.Float32)
    {
        Tensor result = Empty(shape, type, generator.Device);
        Native.UniformInplace(result.Handle, low, high, generator.Handle);
        return result;
    }

    /// <summary>Independent normal draws, on the generator's device.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="mean">Mean.</param>
    /// <param name="std">Standard deviation, ≥ 0.</param>
    /// <param name="generator">Where the draws come from.</param>
    /// <param name="type">A floating-point type.</param>
    public static Tensor Normal(
        ReadOnlySpan<long> shape, double mean, double std, Generator generator, ScalarType type = ScalarType.Float32)
    {
        Tensor result = Empty(shape, type, generator.Device);
        Native.NormalInplace(result.Handle, mean, std, generator.Handle);
        return result;
    }

    /// <summary>Independent draws that are 1 with probability p and else 0, on the generator's device.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="p">Probability of 1, in [0, 1].</param>
    /// <param name="generator">Where the draws come from.</param>
    /// <param name="type">Element type.</param>
    public static Tensor Bernoulli(
        ReadOnlySpan<long> shape, double p, Generator generator, ScalarType type = ScalarType.Float32)
    {
        Tensor result = Empty(shape, type, generator.Device);
        Native.BernoulliInplace(result.Handle, p, generator.Handle);
        return result;
    }

    /// <summary>A random order of 0, 1, …, count − 1, Int64 on the CPU.</summary>
    /// <param name="count">How many.</param>
    /// <param name="generator">A CPU generator.</param>
    public static Tensor RandPerm(long count, Generator generator)
    {
        Native.Randperm(count, generator.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Joins tensors along an existing dimension; the other sizes agree.</summary>
    /// <param name="tensors">At least one tensor.</param>
    /// <param name="dim">The dimension.</param>
    public static Tensor Cat(IReadOnlyList<Tensor> tensors, int dim)
    {
        using HandleList handles = new(tensors);
        Native.Cat(handles.Pointers, handles.Count, dim, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Joins tensors of one shape along a new dimension.</summary>
    /// <param name="tensors">At least one tensor.</param>
    /// <param name="dim">Where the new dimension goes.</param>
    public static Tensor Stack(IReadOnlyList<Tensor> tensors, int dim = 0)
    {
        using HandleList handles = new(tensors);
        Native.Stack(handles.Pointers, handles.Count, dim, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Class numbers [...] (Int64, 0 ≤ value &lt; classes) as indicators [..., classes] (Int64).</summary>
    /// <param name="classes">Number of classes.</param>
    public Tensor OneHot(long classes)
    {
        Native.OneHot(Handle, classes, out TensorHandle result);
        return new Tensor(result);
    }
}
