namespace SegNeXt.Core;

/// <summary>
/// A tensor in a PyTorch checkpoint: a view of a storage, its values still in the file. Read it with
/// <see cref="PthFile.ReadFloats(PickledTensor, Span{float})"/>.
/// </summary>
public sealed class PickledTensor
{
    private PickledTensor(PickledStorage storage, TensorDType dtype, long offset, long[] shape, long[] strides)
    {
        Storage = storage;
        Offset = offset;
        Strides = strides;
        Info = new TensorInfo("", dtype, shape);
    }

    /// <summary>Type of the elements.</summary>
    public TensorDType DType => Info.DType;

    /// <summary>Sizes, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape => Info.Shape;

    /// <summary>Steps between neighbours of each dimension, in elements of the storage.</summary>
    public IReadOnlyList<long> Strides { get; }

    /// <summary>Number of elements.</summary>
    public long ElementCount => Info.ElementCount;

    internal PickledStorage Storage { get; }

    /// <summary>The first element's place in the storage, in elements.</summary>
    internal long Offset { get; }

    /// <summary>Type and shape; the name is empty.</summary>
    internal TensorInfo Info { get; }

    /// <summary>Builds a view after checking that it stays inside its storage.</summary>
    /// <returns>The tensor, or null and what is wrong.</returns>
    internal static PickledTensor? Create(PickledStorage storage, TensorDType dtype, long offset, long[] shape, long[] strides, out string fault)
    {
        fault = "";
        int size = dtype.Size();
        long elements = storage.ByteLength / size;
        if (shape.Length != strides.Length)
        {
            fault = $"a tensor has {shape.Length} sizes but {strides.Length} strides";
        }
        else if (shape.Length > 64 || offset < 0 || Array.Exists(shape, n => n < 0) || Array.Exists(strides, n => n < 0))
        {
            fault = $"a tensor has shape {MessageText.Shape(shape)}, strides {MessageText.Shape(strides)} and offset {offset}";
        }
        else
        {
            Int128 last = offset;
            Int128 count = 1;
            for (int i = 0; i < shape.Length && count <= long.MaxValue; i++)
            {
                last += (Int128)Math.Max(shape[i] - 1, 0) * strides[i];
                count *= shape[i];
            }

            bool empty = Array.Exists(shape, n => n == 0);
            if (count * size > long.MaxValue || (empty ? offset > elements : last >= elements))
            {
                fault = $"a tensor of shape {MessageText.Shape(shape)}, strides {MessageText.Shape(strides)} and offset {offset} leaves its storage of {elements} elements";
            }
        }

        return fault.Length > 0 ? null : new PickledTensor(storage, dtype, offset, shape, strides);
    }
}
