using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of device.cpp and graph.cpp.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_synchronize")]
    internal static partial NativeStatus Synchronize(int deviceType, int deviceIndex);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_stopwatch_start")]
    internal static partial NativeStatus StopwatchStart(int deviceType, int deviceIndex, out nint watch);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_stopwatch_stop")]
    internal static partial NativeStatus StopwatchStop(nint watch, out double milliseconds, out int byEvents);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_empty_pinned")]
    internal static partial NativeStatus EmptyPinned(ReadOnlySpan<long> sizes, int rank, int type, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_get_cudnn_deterministic")]
    internal static partial NativeStatus GetCudnnDeterministic(out int on);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_set_cudnn_deterministic")]
    internal static partial NativeStatus SetCudnnDeterministic(int on);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_graphs_available")]
    internal static partial NativeStatus GraphsAvailable(out int available);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_graph_begin")]
    internal static partial NativeStatus GraphBegin(int deviceIndex, out nint graph);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_graph_end")]
    internal static partial NativeStatus GraphEnd(nint graph);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_graph_replay")]
    internal static partial NativeStatus GraphReplay(nint graph);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_graph_free")]
    internal static partial NativeStatus GraphFree(nint graph);
}
