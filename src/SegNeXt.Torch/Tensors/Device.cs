using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SegNeXt.Torch;

/// <summary>Kind of a <see cref="Device"/>; the numbers are libtorch's.</summary>
public enum DeviceType
{
    /// <summary>The processor and its memory.</summary>
    Cpu = 0,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda = 1,
}

/// <summary>Where a tensor lives.</summary>
/// <param name="Type">Kind of device.</param>
/// <param name="Index">Its number from 0; for the CPU always 0.</param>
public readonly record struct Device(DeviceType Type, int Index)
{
    /// <summary>The processor.</summary>
    public static Device Cpu => new(DeviceType.Cpu, 0);

    /// <summary>Whether this is a GPU.</summary>
    public bool IsCuda => Type == DeviceType.Cuda;

    /// <summary>The number that libtorch wants: it counts one CPU, without a number.</summary>
    internal int NativeIndex => Type == DeviceType.Cpu ? -1 : Index;

    /// <summary>Reads "cpu", "cuda" (the first GPU) or "cuda:n".</summary>
    /// <param name="text">The device's name, in any case.</param>
    /// <exception cref="FormatException">The text names no device.</exception>
    public static Device Parse(string text) =>
        TryParse(text, out Device device)
            ? device
            : throw new FormatException($"\"{text}\" is not a device: expected cpu, cuda or cuda:n.");

    /// <summary>Reads a device's name as <see cref="Parse"/> does.</summary>
    /// <param name="text">The device's name.</param>
    /// <param name="device">The device, if the result is true.</param>
    /// <returns>Whether the text names a device.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Device device)
    {
        device = Cpu;
        if (string.Equals(text, "cpu", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (text is null || !text.StartsWith("cuda", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        ReadOnlySpan<char> rest = text.AsSpan(4);
        int index = 0;
        if (!rest.IsEmpty && (rest[0] != ':' || !int.TryParse(
            rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out index)))
        {
            return false;
        }

        device = new Device(DeviceType.Cuda, index);
        return true;
    }

    /// <summary>The name that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        Type == DeviceType.Cpu ? "cpu" : string.Create(CultureInfo.InvariantCulture, $"cuda:{Index}");
}
