namespace SegNeXt.Data;

/// <summary>The check of a claimed picture size, made before memory is asked for.</summary>
internal static class PixelLimit
{
    /// <summary>What one array can hold at four bytes a pixel.</summary>
    private static readonly long s_arrayLimit = Array.MaxLength / 4;

    /// <exception cref="TooManyPixelsException">The size is over the limit.</exception>
    public static void Check(long width, long height, string name, ImageReadOptions options)
    {
        long limit = Math.Min(options.MaxPixels, s_arrayLimit);
        // Divided, since a PNG header's product may pass 64 bits with a sign.
        if (height > limit / width)
        {
            throw new TooManyPixelsException($"{name} claims {width}×{height} pixels, over the limit of {limit} pixels.");
        }
    }
}
