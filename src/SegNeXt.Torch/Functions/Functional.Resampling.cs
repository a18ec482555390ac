namespace SegNeXt.Torch;

/// <content>Resizing and pooling of [N, C, H, W].</content>
public static partial class Functional
{
    /// <summary>Resizes each channel.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="size">New height and width, ≥ 1.</param>
    /// <param name="mode">How values between pixels are found.</param>
    /// <param name="alignCorners">Corner pixels' centres stay corners; else the pixels' outer edges do.</param>
    /// <returns>[N, C, size.H, size.W].</returns>
    public static Tensor Interpolate(
        Tensor x, (int H, int W) size, InterpolationMode mode = InterpolationMode.Bilinear, bool alignCorners = false)
    {
        Native.Interpolate(x.Handle, size.H, size.W, (int)mode, alignCorners ? 1 : 0, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Means of windows; padded zeros count.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="kernel">Size of a window.</param>
    /// <param name="stride">Step of the window; its size by default.</param>
    /// <param name="padding">Zeros on each side; none by default.</param>
    public static Tensor AvgPool2d(
        Tensor x, (int H, int W) kernel, (int H, int W)? stride = null, (int H, int W)? padding = null)
    {
        (int strideH, int strideW) = stride ?? kernel;
        (int paddingH, int paddingW) = padding ?? (0, 0);
        Native.AvgPool2d(
            x.Handle, kernel.H, kernel.W, strideH, strideW, paddingH, paddingW, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Largest values of windows; padding never wins.</summary>
    /// <inheritdoc cref="AvgPool2d"/>
    public static Tensor MaxPool2d(
        Tensor x, (int H, int W) kernel, (int H, int W)? stride = null, (int H, int W)? padding = null)
    {
        (int strideH, int strideW) = stride ?? kernel;
        (int paddingH, int paddingW) = padding ?? (0, 0);
        Native.MaxPool2d(
            x.Handle, kernel.H, kernel.W, strideH, strideW, paddingH, paddingW, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>Means of windows that divide each channel into a grid of the given size.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="size">The grid's height and width.</param>
    /// <returns>[N, C, size.H, size.W].</returns>
    public static Tensor AdaptiveAvgPool2d(Tensor x, (int H, int W) size)
    {
        Native.AdaptiveAvgPool2d(x.Handle, size.H, size.W, out TensorHandle result);
        return new Tensor(result);
    }
}
