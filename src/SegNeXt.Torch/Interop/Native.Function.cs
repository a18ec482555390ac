using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of function.cpp.</content>
internal static unsafe partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_custom_function")]
    internal static partial NativeStatus CustomFunction(
        ReadOnlySpan<nint> inputs, int inputCount, ReadOnlySpan<nint> outputs, int outputCount, ReadOnlySpan<nint> saved,
        int savedCount, delegate* unmanaged[Cdecl]<nint, nint*, int, nint*, int, nint*, int, long> backward,
        delegate* unmanaged[Cdecl]<nint, void> release, nint state, Span<nint> results);
}
