namespace SegNeXt.Torch;

/// <summary>
/// Measures how long a device takes for what its thread gives it, from the first operation to the end of the last: by the
/// device's own clock where it computes beside the program, else by the program's.
/// </summary>
public sealed class DeviceStopwatch : IDisposable
{
    private nint _watch;

    /// <summary>Waits for the device, then begins to measure.</summary>
    /// <param name="device">The device.</param>
    public DeviceStopwatch(Device device) => Native.StopwatchStart((int)device.Type, device.NativeIndex, out _watch);

    /// <summary>Whether the measurement was made by the device's clock; known after <see cref="Stop"/>.</summary>
    public bool IsByEvents { get; private set; }

    /// <summary>Waits for the device and ends the measurement.</summary>
    /// <returns>Milliseconds.</returns>
    public double Stop()
    {
        ObjectDisposedException.ThrowIf(_watch == 0, this);
        nint watch = _watch;
        _watch = 0;
        Native.StopwatchStop(watch, out double milliseconds, out int byEvents);
        IsByEvents = byEvents != 0;
        return milliseconds;
    }

    /// <summary>Gives the measurement up, if it has not ended.</summary>
    public void Dispose()
    {
        if (_watch != 0)
        {
            Stop();
        }
    }
}
