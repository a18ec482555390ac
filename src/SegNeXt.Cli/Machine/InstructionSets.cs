using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SegNeXt.Cli;

/// <summary>The vector instruction sets that matter to numeric code.</summary>
internal static class InstructionSets
{
    /// <summary>Those that the processor has and the runtime uses, from old to new.</summary>
    public static IReadOnlyList<string> Available()
    {
        (string Name, bool Supported)[] sets =
        [
            ("SSE4.2", Sse42.IsSupported),
            ("AVX", Avx.IsSupported),
            ("AVX2", Avx2.IsSupported),
            ("FMA", Fma.IsSupported),
            ("AVX-VNNI", AvxVnni.IsSupported),
            ("AVX-512F", Avx512F.IsSupported),
            ("AVX-512BW", Avx512BW.IsSupported),
            ("AVX-512DQ", Avx512DQ.IsSupported),
            ("AVX-512VBMI", Avx512Vbmi.IsSupported),
            ("AdvSimd", AdvSimd.IsSupported),
            ("Dp", Dp.IsSupported),
        ];
        return [.. sets.Where(set => set.Supported).Select(set => set.Name)];
    }
}
