namespace SegNeXt.Torch;

/// <summary>
/// Keys and values that processes share, over TCP: one process serves them, all connect, itself included. What
/// <c>torch.distributed.TCPStore</c> is in PyTorch; groups of processes are formed with one.
/// </summary>
public sealed class TcpStore : IDisposable
{
    private readonly StoreHandle _handle;

    /// <summary>Connects, and serves if this process is the one to do it.</summary>
    /// <param name="address">Name or address of the serving process's host.</param>
    /// <param name="port">The port there, 1 to 65535.</param>
    /// <param name="isServer">Whether this process serves.</param>
    /// <param name="size">Processes that the server waits for before this returns to it; 0 to wait for none.</param>
    /// <param name="timeout">How long to wait for the server, for the processes, and later for a key.</param>
    /// <exception cref="TorchException">
    /// The server was not there in time or not all processes came, the port is taken, or the libtorch at hand has no c10d.
    /// </exception>
    public TcpStore(string address, int port, bool isServer, int size, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        Native.StoreNew(address, port, isServer ? 1 : 0, size, (long)timeout.TotalMilliseconds, out _handle);
    }

    internal StoreHandle Handle => _handle;

    /// <summary>Sets a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="TorchException">The server is gone.</exception>
    public void Set(string key, ReadOnlySpan<byte> value) => Native.StoreSet(_handle, key, value, value.Length);

    /// <summary>A key's value; waits until it is set.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="TorchException">It is not set in time, or the server is gone.</exception>
    public byte[] Get(string key)
    {
        Native.StoreGet(_handle, key, out TensorHandle result);
        using Tensor bytes = new(result);
        return bytes.ToArray<byte>();
    }

    /// <summary>Whether a key is set.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="TorchException">The server is gone.</exception>
    public bool Contains(string key)
    {
        Native.StoreCheck(_handle, key, out int present);
        return present != 0;
    }

    /// <summary>Adds to a counter, which starts at 0.</summary>
    /// <param name="key">The counter's key, used for nothing else.</param>
    /// <param name="amount">What is added; 0 only reads.</param>
    /// <returns>Its value then.</returns>
    /// <exception cref="TorchException">The server is gone.</exception>
    public long Add(string key, long amount)
    {
        Native.StoreAdd(_handle, key, amount, out long sum);
        return sum;
    }

    /// <summary>Disconnects; the serving process ends the store.</summary>
    public void Dispose() => _handle.Dispose();
}
