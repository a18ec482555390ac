using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of elementwise.cpp: arithmetic, functions, comparisons, in-place forms.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_add")]
    internal static partial NativeStatus Add(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_sub")]
    internal static partial NativeStatus Sub(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_mul")]
    internal static partial NativeStatus Mul(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_div")]
    internal static partial NativeStatus Div(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_add_scalar")]
    internal static partial NativeStatus AddScalar(TensorHandle x, double y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_mul_scalar")]
    internal static partial NativeStatus MulScalar(TensorHandle x, double y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_div_scalar")]
    internal static partial NativeStatus DivScalar(TensorHandle x, double y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_scalar_sub")]
    internal static partial NativeStatus ScalarSub(double y, TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_scalar_div")]
    internal static partial NativeStatus ScalarDiv(double y, TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_neg")]
    internal static partial NativeStatus Neg(TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_exp")]
    internal static partial NativeStatus Exp(TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_log")]
    internal static partial NativeStatus Log(TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_sqrt")]
    internal static partial NativeStatus Sqrt(TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_abs")]
    internal static partial NativeStatus Abs(TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_pow")]
    internal static partial NativeStatus Pow(TensorHandle x, double exponent, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_sigmoid")]
    internal static partial NativeStatus Sigmoid(TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_relu")]
    internal static partial NativeStatus Relu(TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_gelu")]
    internal static partial NativeStatus Gelu(TensorHandle x, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_clamp")]
    internal static partial NativeStatus Clamp(TensorHandle x, double min, double max, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_eq")]
    internal static partial NativeStatus Eq(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_ne")]
    internal static partial NativeStatus Ne(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_lt")]
    internal static partial NativeStatus Lt(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_gt")]
    internal static partial NativeStatus Gt(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_ge")]
    internal static partial NativeStatus Ge(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_eq_scalar")]
    internal static partial NativeStatus EqScalar(TensorHandle x, double y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_ne_scalar")]
    internal static partial NativeStatus NeScalar(TensorHandle x, double y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_lt_scalar")]
    internal static partial NativeStatus LtScalar(TensorHandle x, double y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_gt_scalar")]
    internal static partial NativeStatus GtScalar(TensorHandle x, double y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_ge_scalar")]
    internal static partial NativeStatus GeScalar(TensorHandle x, double y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_where")]
    internal static partial NativeStatus Where(
        TensorHandle condition, TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_copy_inplace")]
    internal static partial NativeStatus CopyInplace(TensorHandle x, TensorHandle source);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_fill_inplace")]
    internal static partial NativeStatus FillInplace(TensorHandle x, double value);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_add_inplace")]
    internal static partial NativeStatus AddInplace(TensorHandle x, TensorHandle y, double alpha);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_add_scalar_inplace")]
    internal static partial NativeStatus AddScalarInplace(TensorHandle x, double y);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_mul_inplace")]
    internal static partial NativeStatus MulInplace(TensorHandle x, TensorHandle y);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_mul_scalar_inplace")]
    internal static partial NativeStatus MulScalarInplace(TensorHandle x, double y);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_lerp_inplace")]
    internal static partial NativeStatus LerpInplace(TensorHandle x, TensorHandle end, double weight);
}
