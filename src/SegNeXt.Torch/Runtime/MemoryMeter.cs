namespace SegNeXt.Torch;

/// <summary>
/// Counts the memory that libtorch's allocators hand out for what its thread does, backward passes included, from its
/// creation until it is disposed. Meters nest and belong to one thread.
/// </summary>
/// <remarks>Scratch memory that libraries below libtorch take by themselves (oneDNN's, cuDNN's) is not seen.</remarks>
public sealed class MemoryMeter : IDisposable
{
    private nint _meter;

    /// <summary>Starts counting from zero.</summary>
    public MemoryMeter() => Native.MemoryMeterStart(out _meter);

    /// <summary>The most bytes that were in use at a time, of those allocated since the start.</summary>
    /// <param name="device">The kind of device.</param>
    public long PeakBytes(DeviceType device = DeviceType.Cpu) => Read(device).Peak;

    /// <summary>Bytes allocated since the start and still in use.</summary>
    /// <param name="device">The kind of device.</param>
    public long LiveBytes(DeviceType device = DeviceType.Cpu) => Read(device).Live;

    /// <summary>Stops counting.</summary>
    /// <exception cref="InvalidOperationException">An inner meter still counts, or this is not the meter's thread.</exception>
    public void Dispose()
    {
        if (_meter == 0)
        {
            return;
        }

        if (Native.StopMemoryMeter(_meter) != 0)
        {
            throw new InvalidOperationException(
                "A memory meter must be disposed on its thread, after the meters that were started inside it.");
        }

        _meter = 0;
    }

    private (long Live, long Peak) Read(DeviceType device)
    {
        ObjectDisposedException.ThrowIf(_meter == 0, this);
        Native.MemoryMeterRead(_meter, (int)device, out long live, out long peak);
        return (live, peak);
    }
}
