namespace SegNeXt.Kernels;

/// <summary>Which images of a batch keep a residual branch, and the factor of the branches that are kept.</summary>
/// <param name="Kept">For each image whether it keeps the branch.</param>
/// <param name="Factor">1 / (1 − p).</param>
public sealed record DropPathDraw(IReadOnlyList<bool> Kept, float Factor)
{
    /// <summary>All images keep theirs as it is.</summary>
    /// <param name="batch">Number of images.</param>
    public static DropPathDraw None(int batch) => new([.. Enumerable.Repeat(true, batch)], 1);
}
