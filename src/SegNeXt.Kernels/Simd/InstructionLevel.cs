using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SegNeXt.Kernels;

/// <summary>The instruction sets that every kernel has a version for.</summary>
public enum InstructionLevel
{
    /// <summary>128-bit vectors: every 64-bit processor, ARM64's NEON among them.</summary>
    Portable,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors.</summary>
    Avx512,
}

/// <summary>Which levels this machine has.</summary>
public static class InstructionLevels
{
    /// <summary>The widest level that this machine runs natively; chosen once.</summary>
    public static InstructionLevel Best { get; } =
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? InstructionLevel.Avx512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? InstructionLevel.Avx2
        : InstructionLevel.Portable;

    /// <summary>All levels that this machine runs natively, the narrowest first.</summary>
    public static IReadOnlyList<InstructionLevel> Available { get; } = [.. Enum.GetValues<InstructionLevel>().Where(static level => level <= Best)];
}
