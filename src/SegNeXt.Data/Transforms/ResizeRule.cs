namespace SegNeXt.Data;

/// <summary>The size that a picture gets, as mmcv's <c>rescale_size</c>.</summary>
public static class ResizeRule
{
    /// <summary>
    /// The largest size of the picture's proportions whose longer side is within the scale's longer side and whose
    /// shorter side is within its shorter one: <c>⌊size · factor + ½⌋</c>, at least 1.
    /// </summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="scaleWidth">One side of the scale; which of the two is the longer does not matter.</param>
    /// <param name="scaleHeight">The other side.</param>
    public static (int Width, int Height) KeepRatio(int width, int height, int scaleWidth, int scaleHeight)
    {
        double factor = Math.Min(
            (double)Math.Max(scaleWidth, scaleHeight) / Math.Max(width, height),
            (double)Math.Min(scaleWidth, scaleHeight) / Math.Min(width, height));
        return (Math.Max(1, (int)((width * factor) + 0.5)), Math.Max(1, (int)((height * factor) + 0.5)));
    }
}
