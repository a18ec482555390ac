using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of runtime.cpp: versions, threads, devices.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_torch_version")]
    internal static partial NativeStatus TorchVersion(out nint text);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_build_config")]
    internal static partial NativeStatus BuildConfig(out nint text);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_get_threads")]
    internal static partial NativeStatus GetThreads(out int count);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_set_threads")]
    internal static partial NativeStatus SetThreads(int count);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_get_interop_threads")]
    internal static partial NativeStatus GetInteropThreads(out int count);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_set_interop_threads")]
    internal static partial NativeStatus SetInteropThreads(int count);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_cuda_device_count")]
    internal static partial NativeStatus CudaDeviceCount(out int count);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_set_flush_denormals")]
    internal static partial NativeStatus SetFlushDenormals(int on, out int supported);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_get_cudnn_benchmark")]
    internal static partial NativeStatus GetCudnnBenchmark(out int on);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_set_cudnn_benchmark")]
    internal static partial NativeStatus SetCudnnBenchmark(int on);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_get_tf32")]
    internal static partial NativeStatus GetTf32(out int on);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_set_tf32")]
    internal static partial NativeStatus SetTf32(int on);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_live_tensors")]
    internal static partial NativeStatus LiveTensors(out long count);
}
