namespace SegNeXt.Torch;

/// <content>Views and rearrangements. Views share storage with this tensor.</content>
public sealed partial class Tensor
{
    /// <summary>A view with two dimensions exchanged.</summary>
    /// <param name="dim0">One dimension.</param>
    /// <param name="dim1">The other.</param>
    public Tensor Transpose(int dim0, int dim1)
    {
        Native.Transpose(Handle, dim0, dim1, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>A view with its dimensions in another order.</summary>
    /// <param name="dims">For each new dimension, the present one.</param>
    public Tensor Permute(params ReadOnlySpan<long> dims)
    {
        Native.Permute(Handle, dims, dims.Length, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>The same elements, row-major, in another shape: a view if possible, else a copy.</summary>
    /// <param name="shape">Sizes; one may be −1, which means what is left.</param>
    public Tensor Reshape(params ReadOnlySpan<long> shape)
    {
        Native.Reshape(Handle, shape, shape.Length, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>A view in another shape; fails where the layout would need a copy.</summary>
    /// <param name="shape">Sizes; one may be −1, which means what is left.</param>
    public Tensor View(params ReadOnlySpan<long> shape)
    {
        Native.View(Handle, shape, shape.Length, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Merges neighbouring dimensions into one.</summary>
    /// <param name="start">The first of them.</param>
    /// <param name="end">The last of them.</param>
    public Tensor Flatten(int start = 0, int end = -1)
    {
        Native.Flatten(Handle, start, end, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>A view with a new dimension of size 1.</summary>
    /// <param name="dim">Where it goes.</param>
    public Tensor Unsqueeze(int dim)
    {
        Native.Unsqueeze(Handle, dim, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>A view without a dimension, if its size is 1; else the same shape.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor Squeeze(int dim)
    {
        Native.Squeeze(Handle, dim, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>A view that repeats dimensions of size 1 without copying; do not write to it.</summary>
    /// <param name="shape">Sizes; −1 keeps one, and new dimensions may come in front.</param>
    public Tensor Expand(params ReadOnlySpan<long> shape)
    {
        Native.Expand(Handle, shape, shape.Length, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>A view of a range of one dimension.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="start">Where the range starts.</param>
    /// <param name="length">How long it is.</param>
    public Tensor Narrow(int dim, long start, long length)
    {
        Native.Narrow(Handle, dim, start, length, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>A view of one index of a dimension, which disappears.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">The index.</param>
    public Tensor Select(int dim, long index)
    {
        Native.Select(Handle, dim, index, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>The chosen indices of one dimension, copied in the given order.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">Indices [n], Int64.</param>
    public Tensor IndexSelect(int dim, Tensor index)
    {
        Native.IndexSelect(Handle, dim, index.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>For dimension 0 of three: y[i, j, k] = x[index[i, j, k], j, k]; likewise for others.</summary>
    /// <param name="dim">The dimension that is indexed.</param>
    /// <param name="index">Indices, Int64, of the result's shape.</param>
    public Tensor Gather(int dim, Tensor index)
    {
        Native.Gather(Handle, dim, index.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>A copy with dimensions reversed.</summary>
    /// <param name="dims">The dimensions.</param>
    public Tensor Flip(params ReadOnlySpan<long> dims)
    {
        Native.Flip(Handle, dims, dims.Length, out TensorHandle result);
        return new Tensor(result);
    }
}
