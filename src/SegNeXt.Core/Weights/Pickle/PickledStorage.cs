namespace SegNeXt.Core;

/// <summary>A block of elements that tensors are views of; where its bytes are is the file format's business.</summary>
internal sealed class PickledStorage(string key, TensorDType dtype, long elementCount)
{
    /// <summary>Its name in the file.</summary>
    public string Key { get; } = key;

    /// <summary>Type of the elements; U8 for an untyped storage.</summary>
    public TensorDType DType { get; } = dtype;

    /// <summary>Bytes that it holds.</summary>
    public long ByteLength { get; } = checked(elementCount * dtype.Size());

    /// <summary>Its bytes.</summary>
    public ByteStore? Bytes { get; set; }
}
