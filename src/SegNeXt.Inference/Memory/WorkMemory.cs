using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The block of memory that plans put their maps into, kept from picture to picture, so that pictures of many sizes cost
/// no allocation each. It grows when a picture needs more, and is given back when it has become far too large.
/// </summary>
internal sealed class WorkMemory : IDisposable
{
    // A block of which pictures use less than a quarter is let go, unless it is small anyway.
    private const int FarTooLarge = 4;
    private const long Small = 64L * 1024 * 1024;

    private AlignedBuffer? _buffer;

    /// <summary>Bytes held.</summary>
    public long Bytes => (_buffer?.Count ?? 0) * sizeof(float);

    /// <summary>A block of at least as many floats; what was taken before is no longer valid.</summary>
    public AlignedBuffer Take(long floats)
    {
        if (_buffer is null || _buffer.Count < floats || (_buffer.Count > Small && _buffer.Count / FarTooLarge > floats))
        {
            // Freed first: the two together might be more than there is.
            _buffer?.Dispose();
            _buffer = null;
            _buffer = AlignedBuffer.Uninitialised(floats);
        }

        return _buffer;
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer?.Dispose();
}
