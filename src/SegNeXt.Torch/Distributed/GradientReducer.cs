namespace SegNeXt.Torch;

/// <summary>
/// Averages gradients over the processes of a group while the backward pass goes on: they are put into buckets, and a bucket
/// is exchanged as soon as its gradients are there. c10d's <c>Reducer</c>, the heart of PyTorch's
/// <c>DistributedDataParallel</c>.
/// </summary>
/// <remarks>
/// Parameters that a pass does not reach are found before it starts, in its graph; they keep no gradient, as with one process.
/// The buckets stay the same for the whole run, so that the order of additions, and with it every bit, does not depend on when
/// a run was started or resumed.
/// </remarks>
public sealed class GradientReducer : IDisposable
{
    /// <summary>Bytes of the first bucket: small, so that the exchange begins early.</summary>
    public const long DefaultFirstBucketBytes = 1 << 20;

    /// <summary>Bytes of the other buckets.</summary>
    public const long DefaultBucketBytes = 8 << 20;

    private readonly ReducerHandle _handle;

    /// <summary>Prepares; all processes call it with the same parameters in the same order.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="parameters">Leaves that record gradients, in the order in which the forward pass uses them, with their final device and layout.</param>
    /// <param name="firstBucketBytes">Bytes of the first bucket.</param>
    /// <param name="bucketBytes">Bytes of the others.</param>
    /// <exception cref="TorchException">The parameters differ between processes, or the libtorch at hand has no c10d.</exception>
    public GradientReducer(
        ProcessGroup group, IReadOnlyList<Tensor> parameters, long firstBucketBytes = DefaultFirstBucketBytes, long bucketBytes = DefaultBucketBytes)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(parameters);
        using HandleList handles = new(parameters);
        Native.ReducerNew(group.Handle, handles.Pointers, handles.Count, firstBucketBytes, bucketBytes, out _handle);
    }

    /// <summary>
    /// Makes the next backward pass end with averaged gradients. Passes without this call add up in each process by itself, and
    /// go into the average with the next one that has it: gradient accumulation.
    /// </summary>
    /// <param name="loss">What the pass starts from.</param>
    public void Prepare(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Native.ReducerPrepare(_handle, loss.Handle);
    }

    /// <summary>As <see cref="ProcessGroup.Abandon"/>.</summary>
    public void Abandon() => _handle.SetHandleAsInvalid();

    /// <summary>Takes its hooks from the parameters; before the group is disposed of.</summary>
    public void Dispose() => _handle.Dispose();
}
