using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>EXIF data for tests, and what an orientation means, pixel by pixel.</summary>
internal static class ExifBytes
{
    /// <summary>A TIFF block with two tags: a foreign one and the orientation.</summary>
    public static byte[] Tiff(int orientation, bool little = true)
    {
        byte value = (byte)orientation;
        return little
            ?
            [
                .. "II*\0"u8, 8, 0, 0, 0, 2, 0,
                0x0F, 0x01, 2, 0, 4, 0, 0, 0, (byte)'c', (byte)'a', (byte)'m', 0,
                0x12, 0x01, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0,
            ]
            :
            [
                .. "MM\0*"u8, 0, 0, 0, 8, 0, 2,
                0x01, 0x0F, 0, 2, 0, 0, 0, 4, (byte)'c', (byte)'a', (byte)'m', 0,
                0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0,
            ];
    }

    /// <summary>Puts a segment behind a JPEG file's first marker.</summary>
    public static byte[] InsertSegment(byte[] jpeg, byte marker, ReadOnlySpan<byte> content) =>
        [.. jpeg[..2], 0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. jpeg[2..]];

    /// <summary>A JPEG file with an EXIF segment.</summary>
    public static byte[] Insert(byte[] jpeg, ReadOnlySpan<byte> tiff) => InsertSegment(jpeg, 0xE1, [.. "Exif\0\0"u8, .. tiff]);

    /// <summary>The picture as displayed, from where the standard says the stored first row and column are.</summary>
    public static RgbImage Turn(RgbImage stored, int orientation)
    {
        int w = stored.Width;
        int h = stored.Height;
        RgbImage shown = orientation >= 5 ? new(h, w) : new(w, h);
        for (int y = 0; y < h; y++)
        {
            for (int x = 0; x < w; x++)
            {
                (int toX, int toY) = orientation switch
                {
                    2 => (w - 1 - x, y),         // row 0 at the top, column 0 at the right
                    3 => (w - 1 - x, h - 1 - y), // bottom, right
                    4 => (x, h - 1 - y),         // bottom, left
                    5 => (y, x),                 // row 0 at the left, column 0 at the top
                    6 => (h - 1 - y, x),         // right, top
                    7 => (h - 1 - y, w - 1 - x), // right, bottom
                    8 => (y, w - 1 - x),         // left, bottom
                    _ => (x, y),
                };
                stored.Pixels.AsSpan((y * w + x) * 3, 3).CopyTo(shown.Pixels.AsSpan((toY * shown.Width + toX) * 3, 3));
            }
        }

        return shown;
    }
}
