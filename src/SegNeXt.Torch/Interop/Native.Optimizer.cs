using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of optimizer.cpp.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_adamw_step")]
    internal static partial NativeStatus AdamwStep(
        ReadOnlySpan<nint> parameters, ReadOnlySpan<nint> expAvg, ReadOnlySpan<nint> expAvgSq,
        ReadOnlySpan<double> learningRates, ReadOnlySpan<double> weightDecays, Span<long> steps, int count,
        double beta1, double beta2, double eps);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_clip_grad_norm")]
    internal static partial NativeStatus ClipGradNorm(
        ReadOnlySpan<nint> parameters, int count, double maxNorm, out double norm);
}
