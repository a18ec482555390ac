using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of amp.cpp.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_autocast_get")]
    internal static partial NativeStatus AutocastGet(int deviceType, out int on, out int type);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_autocast_set")]
    internal static partial NativeStatus AutocastSet(int deviceType, int on, int type);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_unscale_grads")]
    internal static partial NativeStatus UnscaleGrads(
        ReadOnlySpan<nint> parameters, int count, double scale, out int finite);
}
