namespace SegNeXt.Core;

/// <summary>
/// A weight file opened for reading: names, shapes and types at once, values on demand. Whatever order the values
/// have in the file, they are read row-major. Not safe for use by several threads at once unless a class says so.
/// </summary>
public interface ITensorSource : IDisposable
{
    /// <summary>The file's path as it was given.</summary>
    string Path { get; }

    /// <summary>The tensors, in the file's order.</summary>
    IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Texts beside the tensors: safetensors metadata, or the scalars of a checkpoint's <c>meta</c>.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Whether several threads may read at once.</summary>
    bool IsConcurrent => false;

    /// <summary>The tensor of that name, or null. Takes constant time.</summary>
    /// <param name="name">Its name in the file.</param>
    TensorInfo? Find(string name);

    /// <summary>Reads a tensor of any type as float32; F64 and integers are rounded to the nearest.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="destination">Takes exactly the tensor's elements, row-major.</param>
    /// <exception cref="InputException">There is no such tensor, or it cannot be read.</exception>
    /// <exception cref="ArgumentException">The destination's length is not the number of elements.</exception>
    void ReadFloats(string name, Span<float> destination);

    /// <summary>Reads a tensor of an integer or Boolean type.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="destination">Takes exactly the tensor's elements, row-major.</param>
    /// <exception cref="InputException">There is no such tensor, it holds fractions, or it cannot be read.</exception>
    /// <exception cref="ArgumentException">The destination's length is not the number of elements.</exception>
    void ReadInt64(string name, Span<long> destination);

    /// <summary>Reads a part of a tensor's bytes: its elements row-major, little-endian, without gaps.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="offset">First byte, counted in the tensor.</param>
    /// <param name="destination">Takes the bytes from there on.</param>
    /// <exception cref="InputException">There is no such tensor, or it cannot be read.</exception>
    /// <exception cref="ArgumentException">The range leaves the tensor.</exception>
    void ReadBytes(string name, long offset, Span<byte> destination);
}
