using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of linear.cpp: products and reductions.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_matmul")]
    internal static partial NativeStatus Matmul(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_bmm")]
    internal static partial NativeStatus Bmm(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_linear")]
    internal static partial NativeStatus Linear(
        TensorHandle x, TensorHandle weight, TensorHandle bias, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_sum")]
    internal static partial NativeStatus Sum(
        TensorHandle x, ReadOnlySpan<long> dims, int count, int keepDim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_mean")]
    internal static partial NativeStatus Mean(
        TensorHandle x, ReadOnlySpan<long> dims, int count, int keepDim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_norm")]
    internal static partial NativeStatus Norm(
        TensorHandle x, ReadOnlySpan<long> dims, int count, int keepDim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_max")]
    internal static partial NativeStatus Max(
        TensorHandle x, ReadOnlySpan<long> dims, int count, int keepDim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_min")]
    internal static partial NativeStatus Min(
        TensorHandle x, ReadOnlySpan<long> dims, int count, int keepDim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_argmax")]
    internal static partial NativeStatus Argmax(TensorHandle x, long dim, int keepDim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_topk")]
    internal static partial NativeStatus Topk(
        TensorHandle x, long k, long dim, int largest, out TensorHandle values, out TensorHandle indices);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_sort")]
    internal static partial NativeStatus Sort(
        TensorHandle x, long dim, int descending, out TensorHandle values, out TensorHandle indices);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_kth_value")]
    internal static partial NativeStatus KthValue(
        TensorHandle x, long k, long dim, int keepDim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_cumsum")]
    internal static partial NativeStatus Cumsum(TensorHandle x, long dim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_logsumexp")]
    internal static partial NativeStatus Logsumexp(TensorHandle x, long dim, int keepDim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_bincount")]
    internal static partial NativeStatus Bincount(TensorHandle x, long bins, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_softmax")]
    internal static partial NativeStatus Softmax(TensorHandle x, long dim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_log_softmax")]
    internal static partial NativeStatus LogSoftmax(TensorHandle x, long dim, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_all_finite")]
    internal static partial NativeStatus AllFinite(TensorHandle x, out int answer);
}
