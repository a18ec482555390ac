using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <summary>
/// The entries of native/include/segnext_torch.h, one file per topic; what each does is said there. Every one throws
/// <see cref="TorchException"/> on failure, except those in this file, which the failure path itself uses.
/// </summary>
internal static partial class Native
{
    static Native() => NativeLoader.Register();

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_last_error")]
    internal static partial nint LastError();

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_last_callback_error")]
    internal static partial int LastCallbackError(out long failure);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_abi_version")]
    internal static partial int AbiVersion();

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_free")]
    internal static partial int FreeTensor(nint tensor);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_generator_free")]
    internal static partial int FreeGenerator(nint generator);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_memory_meter_stop")]
    internal static partial int StopMemoryMeter(nint meter);
}
