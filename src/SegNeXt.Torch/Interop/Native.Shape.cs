using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of shape.cpp: views and rearrangements.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_transpose")]
    internal static partial NativeStatus Transpose(TensorHandle x, long dim0, long dim1, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_permute")]
    internal static partial NativeStatus Permute(
        TensorHandle x, ReadOnlySpan<long> dims, int count, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_reshape")]
    internal static partial NativeStatus Reshape(
        TensorHandle x, ReadOnlySpan<long> sizes, int rank, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_view")]
    internal static partial NativeStatus View(
        TensorHandle x, ReadOnlySpan<long> sizes, int rank, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_flatten")]
    internal static partial NativeStatus Flatten(TensorHandle x, long start, long end, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_unsqueeze")]
    internal static partial NativeStatus Unsqueeze(TensorHandle x, long dim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_squeeze")]
    internal static partial NativeStatus Squeeze(TensorHandle x, long dim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_expand")]
    internal static partial NativeStatus Expand(
        TensorHandle x, ReadOnlySpan<long> sizes, int rank, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_narrow")]
    internal static partial NativeStatus Narrow(
        TensorHandle x, long dim, long start, long length, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_select")]
    internal static partial NativeStatus Select(TensorHandle x, long dim, long index, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_index_select")]
    internal static partial NativeStatus IndexSelect(
        TensorHandle x, long dim, TensorHandle index, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_gather")]
    internal static partial NativeStatus Gather(TensorHandle x, long dim, TensorHandle index, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_flip")]
    internal static partial NativeStatus Flip(
        TensorHandle x, ReadOnlySpan<long> dims, int count, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_pad")]
    internal static partial NativeStatus Pad(
        TensorHandle x, ReadOnlySpan<long> padding, int count, int mode, double value, out TensorHandle result);
}
