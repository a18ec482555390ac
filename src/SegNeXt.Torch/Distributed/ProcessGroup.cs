namespace SegNeXt.Torch;

/// <summary>What carries the data of a <see cref="ProcessGroup"/>.</summary>
public enum DistributedBackend
{
    /// <summary>gloo: the network, for tensors in the CPU's memory (and a GPU's, by way of the CPU's).</summary>
    Gloo = 0,

    /// <summary>NCCL: between GPUs, for tensors on them.</summary>
    Nccl = 1,
}

/// <summary>
/// Processes that compute together, c10d's <c>ProcessGroup</c>: each has a rank, and all call the same operations in the same
/// order, with tensors of the same shape and type.
/// </summary>
/// <remarks>
/// An operation fails with <see cref="TorchException"/> where another process has ended, or takes no part within the
/// time-out. The group is of no use then; see <see cref="Abandon"/>.
/// </remarks>
public sealed class ProcessGroup : IDisposable
{
    private readonly ProcessGroupHandle _handle;

    /// <summary>Joins a group; returns when its processes have found each other.</summary>
    /// <param name="store">Where they meet.</param>
    /// <param name="name">The group's name; another for each group over one store.</param>
    /// <param name="rank">This process's number, from 0.</param>
    /// <param name="size">Number of processes.</param>
    /// <param name="backend">What carries the data.</param>
    /// <param name="timeout">How long an operation waits for the other processes.</param>
    /// <param name="address">gloo: the address of this host that the others reach; null for the one that its name resolves to.</param>
    /// <param name="networkInterface">gloo: the network interface to use, such as <c>eth0</c>, in place of an address; null for none.</param>
    /// <exception cref="TorchException">Not all came in time, or the build has no such backend.</exception>
    public ProcessGroup(
        TcpStore store, string name, int rank, int size, DistributedBackend backend, TimeSpan timeout, string? address = null, string? networkInterface = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, size);
        (Rank, Size, Backend) = (rank, size, backend);
        Native.ProcessGroupNew(store.Handle, name, rank, size, (int)backend, address, networkInterface, (long)timeout.TotalMilliseconds, out _handle);
    }

    /// <summary>This process's number, from 0.</summary>
    public int Rank { get; }

    /// <summary>Number of processes.</summary>
    public int Size { get; }

    /// <summary>What carries the data.</summary>
    public DistributedBackend Backend { get; }

    internal ProcessGroupHandle Handle => _handle;

    /// <summary>Whether the native library was built with a backend.</summary>
    /// <param name="backend">The backend.</param>
    public static bool IsAvailable(DistributedBackend backend)
    {
        Native.DistributedBackends(out int gloo, out int nccl);
        return (backend == DistributedBackend.Nccl ? nccl : gloo) != 0;
    }

    /// <summary>Replaces a tensor by the sum of all processes' tensors, which has the same bits in each.</summary>
    /// <param name="x">Dense in memory.</param>
    public void AllReduce(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Native.AllReduce(_handle, x.Handle, 0);
    }

    /// <summary>Begins <see cref="AllReduce"/>.</summary>
    /// <param name="x">Dense in memory; not to be touched until the work is done.</param>
    /// <returns>What to wait for.</returns>
    public CollectiveWork AllReduceAsync(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Native.AllReduceAsync(_handle, x.Handle, out WorkHandle work);
        return new CollectiveWork(work);
    }

    /// <summary>Replaces numbers by the sums over all processes, by way of a tensor in the CPU's memory: for gloo.</summary>
    /// <param name="values">As many in each process.</param>
    public void Sum(Span<double> values)
    {
        using Tensor x = Tensor.FromArray<double>(values, [values.Length]);
        AllReduce(x);
        x.CopyTo(values);
    }

    /// <summary>Every process's tensor.</summary>
    /// <param name="x">This process's.</param>
    /// <returns>One a rank, of that shape, new objects.</returns>
    public Tensor[] AllGather(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        nint[] results = new nint[Size];
        Native.AllGather(_handle, x.Handle, results, Size);
        return Array.ConvertAll(results, static pointer => new Tensor(new TensorHandle(pointer)));
    }

    /// <summary>Replaces a tensor by that of one process.</summary>
    /// <param name="x">Of any layout.</param>
    /// <param name="root">The rank whose tensor it is.</param>
    public void Broadcast(Tensor x, int root = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        Native.Broadcast(_handle, x.Handle, root);
    }

    /// <summary>Returns when all processes have called it.</summary>
    public void Barrier() => Native.Barrier(_handle);

    /// <summary>
    /// Gives the group up without freeing it: freeing waits for operations under way, which may never end once a process is
    /// gone. For a process that is about to end.
    /// </summary>
    public void Abandon() => _handle.SetHandleAsInvalid();

    /// <summary>Leaves the group, after the operations under way.</summary>
    public void Dispose() => _handle.Dispose();
}

/// <summary>An operation of a group that is under way.</summary>
public sealed class CollectiveWork : IDisposable
{
    private readonly WorkHandle _handle;

    internal CollectiveWork(WorkHandle handle) => _handle = handle;

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TorchException">It failed: a process has ended or did not take part in time.</exception>
    public void Wait() => Native.WorkWait(_handle);

    /// <summary>Forgets it; it goes on all the same.</summary>
    public void Dispose() => _handle.Dispose();
}
