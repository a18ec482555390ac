using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of autograd.cpp.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_get_grad_mode")]
    internal static partial NativeStatus GetGradMode(out int on);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_set_grad_mode")]
    internal static partial NativeStatus SetGradMode(int on);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_get_requires_grad")]
    internal static partial NativeStatus GetRequiresGrad(TensorHandle x, out int on);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_set_requires_grad")]
    internal static partial NativeStatus SetRequiresGrad(TensorHandle x, int on);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_detach")]
    internal static partial NativeStatus Detach(TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_backward")]
    internal static partial NativeStatus Backward(TensorHandle x, TensorHandle gradient, int retainGraph);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_get_grad")]
    internal static partial NativeStatus GetGrad(TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_clear_grads")]
    internal static partial NativeStatus ClearGrads(ReadOnlySpan<nint> tensors, int count);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_grad")]
    internal static partial NativeStatus Grad(
        TensorHandle output, TensorHandle gradient, ReadOnlySpan<nint> inputs, int count, int createGraph,
        int allowUnused, Span<nint> results);
}
