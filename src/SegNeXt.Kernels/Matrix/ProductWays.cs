namespace SegNeXt.Kernels;

/// <summary>How a kernel set multiplies matrices. The sums are the same but for pairs.</summary>
/// <param name="Pairs">Whether in pairs, where a matrix is ready for them.</param>
/// <param name="Wide">Whether by <see cref="WideTile"/>, where it fits.</param>
internal readonly record struct ProductWays(bool Pairs, bool Wide);
