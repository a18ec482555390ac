using System.Runtime.InteropServices;

namespace SegNeXt.Kernels;

/// <summary>Floats outside the managed heap, from an address that a cache line begins at.</summary>
public sealed unsafe class AlignedBuffer : IDisposable
{
    private const nuint Alignment = 64;
    private float* _data;

    /// <summary>Allocates zeros.</summary>
    /// <param name="count">Number of floats.</param>
    /// <exception cref="OutOfMemoryException">There is not as much.</exception>
    public AlignedBuffer(long count)
        : this(count, clear: true)
    {
    }

    private AlignedBuffer(long count, bool clear)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        nuint bytes = checked((nuint)Math.Max(count, 1) * sizeof(float));
        bool isLarge = bytes >= HugePages.Size;
        _data = (float*)NativeMemory.AlignedAlloc(bytes, isLarge ? HugePages.Size : Alignment);
        if (isLarge)
        {
            HugePages.Advise(_data, bytes);
        }

        if (clear)
        {
            NativeMemory.Clear(_data, bytes);
        }

        GC.AddMemoryPressure((long)bytes);
    }

    /// <summary>Frees what was not disposed of.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>Number of floats.</summary>
    public long Count { get; }

    /// <summary>The first float.</summary>
    public float* Data => _data;

    /// <summary>Allocates, whatever the memory holds: for those who write before they read.</summary>
    /// <param name="count">Number of floats.</param>
    /// <exception cref="OutOfMemoryException">There is not as much.</exception>
    public static AlignedBuffer Uninitialised(long count) => new(count, clear: false);

    /// <summary>A copy of numbers.</summary>
    /// <param name="values">The numbers.</param>
    public static AlignedBuffer From(ReadOnlySpan<float> values)
    {
        AlignedBuffer buffer = new(values.Length);
        values.CopyTo(new Span<float>(buffer.Data, values.Length));
        return buffer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_data is not null)
        {
            NativeMemory.AlignedFree(_data);
            _data = null;
            GC.RemoveMemoryPressure(Math.Max(Count, 1) * sizeof(float));
        }
    }
}
