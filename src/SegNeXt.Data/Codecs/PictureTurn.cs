using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Turns and mirrors a picture as one of the eight EXIF orientations asks.</summary>
internal static class PictureTurn
{
    private const int Channels = 3;

    /// <summary>Edge of the squares that a turned picture is copied in, so that both sides stay in the cache.</summary>
    private const int Tile = 32;

    /// <summary>The picture as it is to be displayed; the same object for orientation 1.</summary>
    /// <param name="image">The picture as stored.</param>
    /// <param name="orientation">1 to 8 (EXIF 2.32, tag 0x0112): where the stored first row and column belong.</param>
    public static RgbImage Apply(RgbImage image, int orientation)
    {
        if (orientation == ExifOrientation.Normal)
        {
            return image;
        }

        bool swap = ExifOrientation.SwapsAxes(orientation);
        int width = swap ? image.Height : image.Width;
        int height = swap ? image.Width : image.Height;

        // The result's pixel (x, y) is the stored pixel at origin + x·stepX + y·stepY, counted in pixels.
        int w = image.Width;
        int h = image.Height;
        (int origin, int stepX, int stepY) = orientation switch
        {
            2 => (w - 1, -1, w),
            3 => (w * h - 1, -1, -w),
            4 => (w * (h - 1), 1, -w),
            5 => (0, w, 1),
            6 => (w * (h - 1), -w, 1),
            7 => (w * h - 1, -w, -1),
            8 => (w - 1, w, -1),
            _ => throw new ArgumentOutOfRangeException(nameof(orientation)),
        };

        RgbImage result = new(width, height, GC.AllocateUninitializedArray<byte>(width * height * Channels));
        for (int top = 0; top < height; top += Tile)
        {
            for (int left = 0; left < width; left += Tile)
            {
                int right = Math.Min(left + Tile, width);
                for (int y = top; y < Math.Min(top + Tile, height); y++)
                {
                    Copy(image.Pixels, origin + left * stepX + y * stepY, stepX, result.Pixels.AsSpan((y * width + left) * Channels, (right - left) * Channels));
                }
            }
        }

        return result;
    }

    private static void Copy(byte[] source, int start, int step, Span<byte> target)
    {
        int from = start * Channels;
        for (int to = 0; to < target.Length; to += Channels, from += step * Channels)
        {
            target[to] = source[from];
            target[to + 1] = source[from + 1];
            target[to + 2] = source[from + 2];
        }
    }
}
