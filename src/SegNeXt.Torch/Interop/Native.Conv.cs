using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of conv.cpp: convolution, normalisation, resampling, pooling, loss.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_conv2d")]
    internal static partial NativeStatus Conv2d(
        TensorHandle x, TensorHandle weight, TensorHandle bias, long strideH, long strideW, long paddingH,
        long paddingW, long dilationH, long dilationW, long groups, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_batch_norm")]
    internal static partial NativeStatus BatchNorm(
        TensorHandle x, TensorHandle weight, TensorHandle bias, TensorHandle runningMean, TensorHandle runningVar,
        int training, double momentum, double eps, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_layer_norm")]
    internal static partial NativeStatus LayerNorm(
        TensorHandle x, ReadOnlySpan<long> normalizedShape, int rank, TensorHandle weight, TensorHandle bias,
        double eps, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_group_norm")]
    internal static partial NativeStatus GroupNorm(
        TensorHandle x, long groups, TensorHandle weight, TensorHandle bias, double eps, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_interpolate")]
    internal static partial NativeStatus Interpolate(
        TensorHandle x, long height, long width, int mode, int alignCorners, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_avg_pool2d")]
    internal static partial NativeStatus AvgPool2d(
        TensorHandle x, long kernelH, long kernelW, long strideH, long strideW, long paddingH, long paddingW,
        out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_max_pool2d")]
    internal static partial NativeStatus MaxPool2d(
        TensorHandle x, long kernelH, long kernelW, long strideH, long strideW, long paddingH, long paddingW,
        out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_adaptive_avg_pool2d")]
    internal static partial NativeStatus AdaptiveAvgPool2d(
        TensorHandle x, long height, long width, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_cross_entropy")]
    internal static partial NativeStatus CrossEntropy(
        TensorHandle logits, TensorHandle target, TensorHandle weight, long ignoreIndex, int reduction,
        double labelSmoothing, out TensorHandle result);
}
