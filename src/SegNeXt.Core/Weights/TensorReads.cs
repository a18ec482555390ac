using System.Runtime.InteropServices;

namespace SegNeXt.Core;

/// <summary>What every weight file does alike: from the raw bytes of a tensor to numbers of the type asked for.</summary>
internal static class TensorReads
{
    // Elements that are converted at a time, and that are read where they go.
    private const int ChunkElements = 1 << 14, DirectElements = 1 << 20;

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static TensorInfo Require(ITensorSource source, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return source.Find(name) ?? throw new InputException($"{source.Path}: there is no tensor {MessageText.Quote(name)}.");
    }

    /// <summary>Throws unless the range of bytes lies inside the tensor.</summary>
    public static void CheckRange(TensorInfo tensor, long offset, int count)
    {
        if (offset < 0 || offset > tensor.ByteLength - count)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{count} bytes from there on leave the {tensor.ByteLength} bytes of '{tensor.Name}'.");
        }
    }

    /// <summary><see cref="ITensorSource.ReadFloats"/> by way of <see cref="ITensorSource.ReadBytes"/>.</summary>
    public static void Floats(ITensorSource source, string name, Span<float> destination)
    {
        TensorInfo tensor = RequireLength(source, name, destination.Length);
        int size = tensor.DType.Size();
        bool direct = tensor.DType == TensorDType.F32 && BitConverter.IsLittleEndian;
        int most = direct ? DirectElements : ChunkElements;
        byte[] buffer = direct ? [] : new byte[Math.Min(destination.Length, most) * size];
        for (int start = 0; start < destination.Length; start += most)
        {
            Span<float> chunk = destination.Slice(start, Math.Min(most, destination.Length - start));
            Span<byte> raw = direct ? MemoryMarshal.AsBytes(chunk) : buffer.AsSpan(0, chunk.Length * size);
            source.ReadBytes(name, (long)start * size, raw);
            if (!direct)
            {
                TensorConversion.ToFloats(tensor.DType, raw, chunk);
            }
        }
    }

    /// <summary><see cref="ITensorSource.ReadInt64"/> by way of <see cref="ITensorSource.ReadBytes"/>.</summary>
    public static void Int64(ITensorSource source, string name, Span<long> destination)
    {
        TensorInfo tensor = RequireLength(source, name, destination.Length);
        if (tensor.DType.IsFloatingPoint())
        {
            throw new InputException($"{source.Path}: tensor {MessageText.Quote(name)} holds {tensor.DType}, integers were expected.");
        }

        int size = tensor.DType.Size();
        byte[] buffer = new byte[Math.Min(destination.Length, ChunkElements) * size];
        for (int start = 0; start < destination.Length; start += ChunkElements)
        {
            Span<long> chunk = destination.Slice(start, Math.Min(ChunkElements, destination.Length - start));
            Span<byte> raw = buffer.AsSpan(0, chunk.Length * size);
            source.ReadBytes(name, (long)start * size, raw);
            TensorConversion.ToInt64(tensor.DType, raw, chunk);
        }
    }

    private static TensorInfo RequireLength(ITensorSource source, string name, int length)
    {
        TensorInfo tensor = Require(source, name);
        return tensor.ElementCount == length
            ? tensor
            : throw new ArgumentException($"Tensor '{name}' has {tensor.ElementCount} elements, the destination {length}.");
    }
}
