using System.Buffers.Binary;

namespace SegNeXt.Core;

/// <summary>Fills a tensor's bytes: its elements row-major, little-endian.</summary>
/// <param name="destination">All bytes of the tensor.</param>
public delegate void TensorFill(Span<byte> destination);

/// <summary>A tensor to be written: its name, type and shape now, its values when their turn comes.</summary>
public sealed class NamedTensor
{
    private const int ChunkElements = 1 << 14;
    private readonly Action<Stream> _write;

    private NamedTensor(TensorInfo info, Action<Stream> write) => (Info, _write) = (info, write);

    /// <summary>Name, element type and shape as the file will have them.</summary>
    public TensorInfo Info { get; }

    /// <summary>A tensor from float32 values.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="shape">Its sizes, outermost first; empty for a scalar.</param>
    /// <param name="values">Its elements, row-major; read when the file is written.</param>
    /// <param name="dtype">F32, or another floating-point type to round to (nearest, ties to even).</param>
    /// <exception cref="ArgumentException">The number of values is not that of the shape, or the type holds no fractions.</exception>
    public static NamedTensor FromFloats(string name, long[] shape, ReadOnlyMemory<float> values, TensorDType dtype = TensorDType.F32)
    {
        TensorInfo info = Describe(name, dtype, shape, values.Length);
        if (!dtype.IsFloatingPoint())
        {
            throw new ArgumentException($"{dtype} is not a floating-point type.", nameof(dtype));
        }

        return new NamedTensor(info, stream => WriteChunks(
            stream, values.Length, dtype.Size(), (start, count, raw) => TensorConversion.FromFloats(values.Span.Slice(start, count), dtype, raw)));
    }

    /// <summary>A tensor of type I64.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="shape">Its sizes, outermost first; empty for a scalar.</param>
    /// <param name="values">Its elements, row-major; read when the file is written.</param>
    /// <exception cref="ArgumentException">The number of values is not that of the shape.</exception>
    public static NamedTensor FromInt64(string name, long[] shape, ReadOnlyMemory<long> values)
    {
        TensorInfo info = Describe(name, TensorDType.I64, shape, values.Length);
        return new NamedTensor(info, stream => WriteChunks(stream, values.Length, sizeof(long), (start, count, raw) =>
        {
            for (int i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(raw[(i * sizeof(long))..], values.Span[start + i]);
            }
        }));
    }

    /// <summary>A tensor whose values are fetched when it is written, such as from a GPU; at most 2 GB.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="dtype">Its element type.</param>
    /// <param name="shape">Its sizes, outermost first; empty for a scalar.</param>
    /// <param name="fill">Called once, to give all bytes.</param>
    public static NamedTensor FromBytes(string name, TensorDType dtype, long[] shape, TensorFill fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        TensorInfo info = Describe(name, dtype, shape, null);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(info.ByteLength, Array.MaxLength, nameof(shape));
        return new NamedTensor(info, stream =>
        {
            byte[] raw = new byte[info.ByteLength];
            fill(raw);
            stream.Write(raw);
        });
    }

    /// <summary>A tensor of another file, copied as it is; of any size.</summary>
    /// <param name="source">The file, open until this one is written.</param>
    /// <param name="name">The tensor's name there.</param>
    /// <param name="newName">Its name in the new file, or null for the same.</param>
    /// <exception cref="InputException">The source has no such tensor.</exception>
    public static NamedTensor FromSource(ITensorSource source, string name, string? newName = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        TensorInfo info = TensorReads.Require(source, name);
        return new NamedTensor(info with { Name = newName ?? name }, stream =>
        {
            byte[] buffer = new byte[Math.Min(info.ByteLength, 1 << 20)];
            for (long offset = 0; offset < info.ByteLength; offset += buffer.Length)
            {
                Span<byte> chunk = buffer.AsSpan(0, (int)Math.Min(buffer.Length, info.ByteLength - offset));
                source.ReadBytes(name, offset, chunk);
                stream.Write(chunk);
            }
        });
    }

    /// <summary>Writes the values: exactly <see cref="TensorInfo.ByteLength"/> bytes.</summary>
    internal void WriteTo(Stream stream) => _write(stream);

    private delegate void Encode(int start, int count, Span<byte> raw);

    private static void WriteChunks(Stream stream, int elements, int size, Encode encode)
    {
        byte[] buffer = new byte[Math.Min(elements, ChunkElements) * size];
        for (int start = 0; start < elements; start += ChunkElements)
        {
            int count = Math.Min(ChunkElements, elements - start);
            encode(start, count, buffer);
            stream.Write(buffer, 0, count * size);
        }
    }

    private static TensorInfo Describe(string name, TensorDType dtype, long[] shape, int? values)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (Array.Exists(shape, size => size < 0))
        {
            throw new ArgumentException($"Tensor '{name}' has a negative size.", nameof(shape));
        }

        TensorInfo info = new(name, dtype, [.. shape]);
        return values is null || values == info.ElementCount
            ? info
            : throw new ArgumentException($"Tensor '{name}' of shape {MessageText.Shape(shape)} has {info.ElementCount} elements, {values} were given.");
    }
}
