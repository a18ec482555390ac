using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of creation.cpp.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_empty")]
    internal static partial NativeStatus Empty(
        ReadOnlySpan<long> sizes, int rank, int type, int deviceType, int deviceIndex, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_full")]
    internal static partial NativeStatus Full(
        ReadOnlySpan<long> sizes, int rank, double value, int type, int deviceType, int deviceIndex,
        out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_zeros_like")]
    internal static partial NativeStatus ZerosLike(TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_from_data")]
    internal static unsafe partial NativeStatus FromData(
        void* data, long bytes, ReadOnlySpan<long> sizes, int rank, int type, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_arange")]
    internal static partial NativeStatus Arange(long count, int deviceType, int deviceIndex, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_cat")]
    internal static partial NativeStatus Cat(ReadOnlySpan<nint> tensors, int count, long dim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_stack")]
    internal static partial NativeStatus Stack(
        ReadOnlySpan<nint> tensors, int count, long dim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_one_hot")]
    internal static partial NativeStatus OneHot(TensorHandle x, long classes, out TensorHandle result);
}
