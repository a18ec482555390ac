using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// One block of memory for all maps of a picture. Room is handed out as from a stack: what lies above a mark is free
/// again when the mark is restored, so that maps which never live at the same time share it.
/// </summary>
/// <remarks>A first pass with no memory behind it measures; the second gets what the first has measured.</remarks>
internal sealed unsafe class Arena(AlignedBuffer? memory)
{
    private const long Alignment = 16;
    private long _used;

    /// <summary>The most floats that were in use.</summary>
    public long Peak { get; private set; }

    /// <summary>The place to go back to.</summary>
    public long Mark() => _used;

    /// <summary>Frees all that was taken since a mark.</summary>
    public void Release(long mark) => _used = mark;

    /// <summary>Room for floats, not cleared.</summary>
    public float* Take(long count)
    {
        long start = _used;
        _used += (count + Alignment - 1) / Alignment * Alignment;
        Peak = Math.Max(Peak, _used);
        return memory is null ? null : memory.Data + start;
    }

    /// <summary>Room for a map.</summary>
    public Map TakeMap(int height, int width, int channels, int margin) =>
        TakeWindow(height, width, channels, margin, height + (2 * margin));

    /// <summary>Room for a window that moves down a map.</summary>
    public Map TakeWindow(int height, int width, int channels, int margin, int held) =>
        Map.At(Take(Map.Size(held, width, channels, margin)), height, width, channels, margin, held);

    /// <summary>Room for a window that moves down a map whose rows lie by vectors.</summary>
    public VectorMap TakeVectorWindow(int height, int width, int channels, int vector, int margin, int held) =>
        VectorMap.At(Take(Map.Size(held, width, channels, margin)), height, width, channels, vector, margin, held);
}
