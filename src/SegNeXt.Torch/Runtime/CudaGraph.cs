namespace SegNeXt.Torch;

/// <summary>
/// What a pass launches on a GPU, recorded once and then launched as one: the program's time for each launch is gone, which
/// is most of the time of a small network.
/// </summary>
/// <remarks>
/// <c>torch.cuda.CUDAGraph</c>. The recorded operations read and write the same memory at every replay: their inputs are
/// written before it, by <see cref="Tensor.CopyFrom_"/>, and their results read after it.
/// </remarks>
public sealed class CudaGraph : IDisposable
{
    private readonly Device _device;
    private nint _graph;

    private CudaGraph(Device device, nint graph) => (_device, _graph) = (device, graph);

    /// <summary>
    /// Whether graphs can be recorded: libtorch has CUDA, and the native library was built where CUDA's headers are.
    /// </summary>
    public static bool IsAvailable
    {
        get
        {
            Native.GraphsAvailable(out int available);
            return available != 0;
        }
    }

    /// <summary>Records what an action launches.</summary>
    /// <param name="device">The GPU.</param>
    /// <param name="action">
    /// Operations on the GPU alone, that neither wait for it nor copy to or from the CPU; it has run before, so that nothing
    /// is set up while it is recorded.
    /// </param>
    /// <exception cref="TorchException">It does what cannot be recorded, or graphs are not available.</exception>
    public static CudaGraph Record(Device device, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Native.GraphBegin(device.Index, out nint graph);
        CudaGraph result = new(device, graph);
        try
        {
            action();
        }
        catch
        {
            try
            {
                Native.GraphEnd(graph);
            }
            catch (TorchException)
            {
                // What the action threw says more.
            }

            result.Dispose();
            throw;
        }

        try
        {
            Native.GraphEnd(graph);
        }
        catch
        {
            result.Dispose();
            throw;
        }

        return result;
    }

    /// <summary>Launches what was recorded; it runs beside the program.</summary>
    public void Replay()
    {
        ObjectDisposedException.ThrowIf(_graph == 0, this);
        Native.GraphReplay(_graph);
    }

    /// <summary>Waits for the device and gives up the recording and its memory.</summary>
    public void Dispose()
    {
        if (_graph != 0)
        {
            TorchRuntime.Synchronize(_device);
            Native.GraphFree(_graph);
            _graph = 0;
        }
    }
}
