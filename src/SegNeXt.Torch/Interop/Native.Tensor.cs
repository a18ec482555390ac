using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of tensor.cpp: handles, metadata, data, conversions.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_share")]
    internal static partial NativeStatus TensorShare(TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_rank")]
    internal static partial NativeStatus TensorRank(TensorHandle x, out int rank);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_sizes")]
    internal static partial NativeStatus TensorSizes(TensorHandle x, Span<long> sizes, int rank);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_strides")]
    internal static partial NativeStatus TensorStrides(TensorHandle x, Span<long> strides, int rank);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_scalar_type")]
    internal static partial NativeStatus TensorScalarType(TensorHandle x, out int type);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_device")]
    internal static partial NativeStatus TensorDevice(TensorHandle x, out int deviceType, out int index);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_is_contiguous")]
    internal static partial NativeStatus TensorIsContiguous(TensorHandle x, int memoryFormat, out int answer);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_data")]
    internal static partial NativeStatus TensorData(TensorHandle x, out nint data);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_read")]
    internal static unsafe partial NativeStatus TensorRead(TensorHandle x, void* destination, long bytes);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_item")]
    internal static partial NativeStatus TensorItem(TensorHandle x, out double value);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_set_data")]
    internal static partial NativeStatus TensorSetData(TensorHandle x, TensorHandle data);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_to_type")]
    internal static partial NativeStatus TensorToType(TensorHandle x, int type, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_to_device")]
    internal static partial NativeStatus TensorToDevice(
        TensorHandle x, int deviceType, int index, int nonBlocking, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_to_memory_format")]
    internal static partial NativeStatus TensorToMemoryFormat(
        TensorHandle x, int memoryFormat, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_contiguous")]
    internal static partial NativeStatus TensorContiguous(TensorHandle x, int memoryFormat, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_tensor_clone")]
    internal static partial NativeStatus TensorClone(TensorHandle x, out TensorHandle result);
}
