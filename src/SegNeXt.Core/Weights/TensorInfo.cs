namespace SegNeXt.Core;

/// <summary>What a weight file says of one of its tensors.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="DType">Type of its elements.</param>
/// <param name="Shape">Its sizes, outermost first; empty for a scalar; a size may be 0.</param>
public sealed record TensorInfo(string Name, TensorDType DType, long[] Shape)
{
    /// <summary>Number of elements: the product of <see cref="Shape"/>, 1 for a scalar.</summary>
    public long ElementCount { get; } = Product(Shape);

    /// <summary>Bytes of the elements, row-major without gaps.</summary>
    public long ByteLength => checked(ElementCount * DType.Size());

    /// <summary>Number of elements of a shape.</summary>
    internal static long Product(long[] shape)
    {
        long product = 1;
        foreach (long size in shape)
        {
            product = checked(product * size);
        }

        return product;
    }
}
