using System.Runtime.Intrinsics.X86;

namespace SegNeXt.Kernels;

/// <summary>What is known of this machine's processor beyond its instructions.</summary>
internal static class Processor
{
    /// <summary>
    /// Whether it is known to add vectors of 512 bits in other units than it multiplies them in, and to spread a number that it reads over a vector at
    /// no cost: AMD's Zen 4, family 19h, where it was measured. Intel's processors add where they multiply.
    /// </summary>
    public static bool AddsApart { get; } = Avx512F.IsSupported && Maker() == Amd && Family() == 0x19;

    /// <summary>
    /// Whether what it reads, and the instructions that it begins in a cycle, are short beside its multipliers of 512 bits: Intel's, where it was
    /// measured, and more so while another thread runs on the same core.
    /// </summary>
    public static bool ShortOfLoads { get; } = Avx512F.IsSupported && Maker() == Intel;

    // The last four letters of "AuthenticAMD" and "GenuineIntel".
    private const int Amd = 'c' | ('A' << 8) | ('M' << 16) | ('D' << 24);
    private const int Intel = 'n' | ('t' << 8) | ('e' << 16) | ('l' << 24);

    private static int Maker() => X86Base.CpuId(0, 0).Ecx;

    /// <summary>The family, of which newer processors give a second part.</summary>
    private static int Family()
    {
        int signature = X86Base.CpuId(1, 0).Eax, family = (signature >> 8) & 0xF;
        return family == 0xF ? family + ((signature >> 20) & 0xFF) : family;
    }
}
