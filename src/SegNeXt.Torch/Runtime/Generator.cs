namespace SegNeXt.Torch;

/// <summary>A random number generator of its own, so that a run repeats whatever else draws numbers.</summary>
public sealed class Generator : IDisposable
{
    private readonly GeneratorHandle _handle;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">Same seed and device kind, same stream.</param>
    /// <param name="device">Where the draws are made; the CPU by default.</param>
    public Generator(ulong seed, Device? device = null)
    {
        Device = device ?? Device.Cpu;
        Native.GeneratorNew(seed, (int)Device.Type, Device.NativeIndex, out _handle);
    }

    /// <summary>Where the draws are made.</summary>
    public Device Device { get; }

    /// <summary>
    /// This process's share of the batches that it draws for with others, or null, as at first, where it is alone. Processes
    /// with the same seed then draw for the whole batch and keep their part of it: what an image gets does not depend on how
    /// many processes there are.
    /// </summary>
    public BatchShare? Share { get; set; }

    /// <summary>The native handle.</summary>
    internal GeneratorHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return _handle;
        }
    }

    /// <summary>Starts the stream of a seed.</summary>
    /// <param name="seed">The seed.</param>
    public void ManualSeed(ulong seed) => Native.GeneratorSeed(Handle, seed);

    /// <summary>Draws numbers for images.</summary>
    /// <param name="shape">The shape [N, …] for N images.</param>
    /// <param name="draw">Draws a tensor of a shape from this generator.</param>
    /// <returns>A tensor of <paramref name="shape"/>; where N is the <see cref="Share"/>'s, this process's part of the batch's.</returns>
    public Tensor DrawImages(ReadOnlySpan<long> shape, Func<long[], Tensor> draw)
    {
        ArgumentNullException.ThrowIfNull(draw);
        long[] asked = shape.ToArray();
        if (Share is not { } share || share.Count != asked[0] || share.Count == share.Total)
        {
            return draw(asked);
        }

        asked[0] = share.Total;
        using TensorScope scope = new();
        return scope.Keep(draw(asked).Narrow(0, share.First, share.Count).Clone());
    }

    /// <summary>The position in the stream, for <see cref="SetState"/> of a generator on the same kind of device.</summary>
    public byte[] GetState()
    {
        Native.GeneratorGetState(Handle, out TensorHandle state);
        using Tensor tensor = new(state);
        return tensor.ToArray<byte>();
    }

    /// <summary>Continues a stream where <see cref="GetState"/> was called.</summary>
    /// <param name="state">What it returned.</param>
    /// <exception cref="TorchException">The bytes are not a state of this kind of generator.</exception>
    public void SetState(ReadOnlySpan<byte> state)
    {
        using Tensor tensor = Tensor.FromArray(state, [state.Length]);
        Native.GeneratorSetState(Handle, tensor.Handle);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
