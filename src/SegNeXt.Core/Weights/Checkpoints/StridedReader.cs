namespace SegNeXt.Core;

/// <summary>Reads the elements of a view row-major, whatever its strides.</summary>
internal static class StridedReader
{
    // Bytes of a run that is worth a call to the system, and of what is held in memory instead.
    private const int ShortRun = 4096, MostNearby = 1 << 26;

    /// <summary>Fills the span with the tensor's bytes from the offset on; the range lies inside the tensor.</summary>
    /// <param name="tensor">The view.</param>
    /// <param name="offset">First byte, counted in the row-major order.</param>
    /// <param name="destination">Takes the bytes.</param>
    public static void Read(PickledTensor tensor, long offset, Span<byte> destination)
    {
        int size = tensor.DType.Size();
        ByteStore store = tensor.Storage.Bytes!;
        (int outer, long run) = ContiguousTail(tensor);
        long runBytes = run * size, first = 0;
        if (runBytes < ShortRun && destination.Length > runBytes)
        {
            (store, first) = Nearby(tensor, outer, offset / runBytes, (offset + destination.Length - 1) / runBytes, runBytes);
        }

        while (destination.Length > 0)
        {
            long within = offset % runBytes;
            int count = (int)Math.Min(destination.Length, runBytes - within);
            long element = tensor.Offset + OuterPosition(tensor, outer, offset / runBytes);
            store.Read((element * size) + within - first, destination[..count]);
            destination = destination[count..];
            offset += count;
        }
    }

    /// <summary>
    /// What some runs lie in, read at once where it is not too much: a checkpoint whose pixels lie together (<c>channels_last</c>) would else be read number by
    /// number.
    /// </summary>
    /// <returns>The bytes, and where in the storage they begin.</returns>
    private static (ByteStore Bytes, long First) Nearby(PickledTensor tensor, int outer, long from, long to, long runBytes)
    {
        long least = long.MaxValue, most = 0;
        for (long run = from; run <= to; run++)
        {
            long position = OuterPosition(tensor, outer, run);
            (least, most) = (Math.Min(least, position), Math.Max(most, position));
        }

        int size = tensor.DType.Size();
        long first = (tensor.Offset + least) * size, length = ((most - least) * size) + runBytes;
        if (length > MostNearby)
        {
            return (tensor.Storage.Bytes!, 0);
        }

        byte[] bytes = new byte[length];
        tensor.Storage.Bytes!.Read(first, bytes);
        return (new ArrayStore(bytes), first);
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
