using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Makes pictures fit into a box for people to look at.</summary>
internal static class Shrink
{
    /// <summary>The largest size of the picture's proportions that fits into a box; small pictures are enlarged.</summary>
    public static (int Width, int Height) Fit(int width, int height, int boxWidth, int boxHeight)
    {
        double factor = Math.Min((double)boxWidth / width, (double)boxHeight / height);
        return (Math.Max(1, (int)Math.Round(width * factor)), Math.Max(1, (int)Math.Round(height * factor)));
    }

    /// <summary>Resizes without the jagged edges that picking single pixels of a far larger picture would give.</summary>
    public static RgbImage To(RgbImage image, int width, int height)
    {
        while (image.Width >= 2 * width && image.Height >= 2 * height)
        {
            image = Halve(image);
        }

        return ImageResize.Bilinear(image, width, height);
    }

    private static RgbImage Halve(RgbImage image)
    {
        RgbImage result = new(image.Width / 2, image.Height / 2);
        int stride = image.Width * 3;
        for (int y = 0; y < result.Height; y++)
        {
            ReadOnlySpan<byte> above = image.Pixels.AsSpan(2 * y * stride, stride);
            ReadOnlySpan<byte> below = image.Pixels.AsSpan(((2 * y) + 1) * stride, stride);
            Span<byte> target = result.Pixels.AsSpan(y * result.Width * 3, result.Width * 3);
            for (int i = 0; i < target.Length; i++)
            {
                int left = (i / 3 * 6) + (i % 3);
                target[i] = (byte)((above[left] + above[left + 3] + below[left] + below[left + 3] + 2) / 4);
            }
        }

        return result;
    }
}
