using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of muon.cpp.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_muon_step")]
    internal static partial NativeStatus MuonStep(
        ReadOnlySpan<nint> parameters, ReadOnlySpan<nint> momenta, ReadOnlySpan<double> learningRates,
        ReadOnlySpan<double> weightDecays, Span<long> steps, int count, double momentum, int rounds);
}
