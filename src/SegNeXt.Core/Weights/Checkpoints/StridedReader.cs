namespace SegNeXt.Core;

/// <summary>Reads the elements of a view row-major, whatever its strides.</summary>
internal static class StridedReader
{
    /// <summary>Fills the span with the tensor's bytes from the offset on; the range lies inside the tensor.</summary>
    /// <param name="tensor">The view.</param>
    /// <param name="offset">First byte, counted in the row-major order.</param>
    /// <param name="destination">Takes the bytes.</param>
    public static void Read(PickledTensor tensor, long offset, Span<byte> destination)
    {
        int size = tensor.DType.Size();
        ByteStore store = tensor.Storage.Bytes!;
        (int outer, long run) = ContiguousTail(tensor);
        long runBytes = run * size;
        while (destination.Length > 0)
        {
            long within = offset % runBytes;
            int count = (int)Math.Min(destination.Length, runBytes - within);
            long element = tensor.Offset + OuterPosition(tensor, outer, offset / runBytes);
            store.Read((element * size) + within, destination[..count]);
            destination = destination[count..];
            offset += count;
        }
    }

    /// <summary>How many leading dimensions jump, and how many elements follow each other behind them.</summary>
    private static (int Outer, long Run) ContiguousTail(PickledTensor tensor)
    {
        int outer = tensor.Shape.Count;
        long run = 1;
        while (outer > 0 && (tensor.Shape[outer - 1] == 1 || tensor.Strides[outer - 1] == run))
        {
            run *= tensor.Shape[outer - 1];
            outer--;
        }

        return (outer, run);
    }

    private static long OuterPosition(PickledTensor tensor, int outer, long index)
    {
        long position = 0;
        for (int i = outer - 1; i >= 0; i--)
        {
            position += index % tensor.Shape[i] * tensor.Strides[i];
            index /= tensor.Shape[i];
        }

        return position;
    }
}
