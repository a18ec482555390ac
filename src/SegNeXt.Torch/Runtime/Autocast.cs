namespace SegNeXt.Torch;

/// <summary>
/// libtorch's autocast: while it is on, convolutions and matrix products of a kind of device compute in a 16-bit type, with
/// weights and other operations left in single precision. The setting belongs to a thread and a kind of device: do not hold
/// it across an await.
/// </summary>
/// <remarks>
/// <c>torch.autocast</c> in PyTorch, without its cache of converted weights. Softmax and the normalisations of this library
/// compute in single precision under it on every device, as libtorch's lists have it for CUDA.
/// </remarks>
public static class Autocast
{
    /// <summary>This thread's setting.</summary>
    /// <param name="device">The kind of device.</param>
    public static AutocastSetting Current(DeviceType device)
    {
        Native.AutocastGet((int)device, out int on, out int type);
        return new AutocastSetting(on != 0, (ScalarType)type);
    }

    /// <summary>Whether it is on for this thread.</summary>
    /// <param name="device">The kind of device.</param>
    public static bool IsOn(DeviceType device) => Current(device).On;

    /// <summary>Computes in a 16-bit type until the result is disposed.</summary>
    /// <param name="device">The kind of device.</param>
    /// <param name="type">BFloat16, or on a GPU Float16.</param>
    public static AutocastScope Enter(DeviceType device, ScalarType type) => new(device, new AutocastSetting(true, type));

    /// <summary>Computes in the tensors' own types until the result is disposed.</summary>
    /// <param name="device">The kind of device.</param>
    public static AutocastScope Leave(DeviceType device) => new(device, Current(device) with { On = false });

    /// <summary>Computes as a setting says until the result is disposed: on another thread, or at another time.</summary>
    /// <param name="device">The kind of device.</param>
    /// <param name="setting">What <see cref="Current"/> gave.</param>
    public static AutocastScope Resume(DeviceType device, AutocastSetting setting) => new(device, setting);

    /// <summary>Sets it for this thread.</summary>
    internal static void Set(DeviceType device, AutocastSetting setting) =>
        Native.AutocastSet((int)device, setting.On ? 1 : 0, (int)setting.Type);

    /// <summary>
    /// What softmax and the normalisations compute with: under autocast single precision in place of a 16-bit type.
    /// </summary>
    /// <returns>A new object.</returns>
    internal static Tensor Widen(Tensor x) =>
        x.Type is ScalarType.BFloat16 or ScalarType.Float16 && IsOn(x.Device.Type) ? x.To(ScalarType.Float32) : x.Share();
}

/// <summary>A setting of autocast.</summary>
/// <param name="On">Whether it converts.</param>
/// <param name="Type">To which type, when it does.</param>
public readonly record struct AutocastSetting(bool On, ScalarType Type);

/// <summary>A setting of autocast, undone by <see cref="Dispose"/>.</summary>
public readonly struct AutocastScope : IDisposable, IEquatable<AutocastScope>
{
    private readonly DeviceType _device;
    private readonly AutocastSetting _before;

    /// <summary>Sets the thread's autocast.</summary>
    internal AutocastScope(DeviceType device, AutocastSetting setting)
    {
        _device = device;
        _before = Autocast.Current(device);
        if (setting != _before)
        {
            Autocast.Set(device, setting);
        }
    }

    /// <summary>Whether two values restore the same setting.</summary>
    public static bool operator ==(AutocastScope left, AutocastScope right) => left.Equals(right);

    /// <summary>Whether two values restore different settings.</summary>
    public static bool operator !=(AutocastScope left, AutocastScope right) => !left.Equals(right);

    /// <summary>Restores the setting that was in force before.</summary>
    public void Dispose()
    {
        if (Autocast.Current(_device) != _before)
        {
            Autocast.Set(_device, _before);
        }
    }

    /// <inheritdoc/>
    public bool Equals(AutocastScope other) => _device == other._device && _before == other._before;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AutocastScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_device, _before);
}
