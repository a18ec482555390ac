using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Number format of a network's convolutions and matrix products; see docs/precision.md.</summary>
public enum Precision
{
    /// <summary>32-bit floating point.</summary>
    Fp32,

    /// <summary>16 bits with the range of 32, bfloat16: half the memory of the maps, the tensor cores of Ampere and later.</summary>
    Bf16,

    /// <summary>16 bits with more digits and a small range, half precision, on a GPU; in training the loss is scaled.</summary>
    Fp16,
}

/// <summary>What a <see cref="Precision"/> means to libtorch.</summary>
public static class Precisions
{
    /// <summary>The formats by name.</summary>
    public static IReadOnlyList<(string Name, Precision Value)> All { get; } = [("fp32", Precision.Fp32), ("bf16", Precision.Bf16), ("fp16", Precision.Fp16)];

    /// <summary>A format's name.</summary>
    /// <param name="precision">The format.</param>
    public static string Name(this Precision precision) => All.First(entry => entry.Value == precision).Name;

    /// <summary>A format by its name, fp32 where there is none.</summary>
    /// <param name="name">One of <see cref="All"/>, or null.</param>
    public static Precision Parse(string? name) => name is null ? Precision.Fp32 : All.First(entry => entry.Name == name).Value;

    /// <summary>The element type.</summary>
    /// <param name="precision">The format.</param>
    public static ScalarType Type(this Precision precision) => precision switch
    {
        Precision.Bf16 => ScalarType.BFloat16,
        Precision.Fp16 => ScalarType.Float16,
        _ => ScalarType.Float32,
    };

    /// <summary>Computes in the format until the result is disposed.</summary>
    /// <param name="precision">The format.</param>
    /// <param name="device">Where.</param>
    public static AutocastScope Enter(this Precision precision, Device device) =>
        precision == Precision.Fp32 ? Autocast.Leave(device.Type) : Autocast.Enter(device.Type, precision.Type());

    /// <summary>Refuses a format that a device does not compute in.</summary>
    /// <param name="precision">The format.</param>
    /// <param name="device">The device.</param>
    /// <param name="name">What asked for it, <c>train.precision</c> or <c>--precision</c>.</param>
    /// <exception cref="InputException">Half precision on the CPU, where libtorch has no convolution in it.</exception>
    public static void Require(this Precision precision, Device device, string name)
    {
        if (precision == Precision.Fp16 && device.Type == DeviceType.Cpu)
        {
            throw new InputException($"{name} fp16 is for a GPU (--device cuda); the CPU computes in fp32 and bf16.");
        }
    }
}
