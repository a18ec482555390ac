using System.Buffers.Binary;

namespace SegNeXt.Data;

/// <summary>Finds the orientation tag in EXIF data. Whatever the bytes are, it answers; nonsense means 1.</summary>
internal static class ExifOrientation
{
    /// <summary>As stored.</summary>
    public const int Normal = 1;

    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;
    private const int EntrySize = 12;

    /// <summary>Reads a TIFF block, which is what follows <c>Exif\0\0</c> in a JPEG segment and what PNG's <c>eXIf</c> holds.</summary>
    /// <returns>1 to 8.</returns>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
        {
            return Normal;
        }

        bool little;
        if (tiff.StartsWith("II*\0"u8))
        {
            little = true;
        }
        else if (tiff.StartsWith("MM\0*"u8))
        {
            little = false;
        }
        else
        {
            return Normal;
        }

        uint directory = UInt32(tiff[4..], little);
        if (directory > tiff.Length - 2)
        {
            return Normal;
        }

        int count = UInt16(tiff[(int)directory..], little);
        ReadOnlySpan<byte> entries = tiff[((int)directory + 2)..];
        for (int i = 0; i < count && entries.Length >= EntrySize; i++, entries = entries[EntrySize..])
        {
            if (UInt16(entries, little) == OrientationTag)
            {
                bool one = UInt16(entries[2..], little) == ShortType && UInt32(entries[4..], little) == 1;
                int value = UInt16(entries[8..], little);
                return one && value is >= 1 and <= 8 ? value : Normal;
            }
        }

        return Normal;
    }

    /// <summary>Whether the orientation exchanges width and height.</summary>
    public static bool SwapsAxes(int orientation) => orientation >= 5;

    private static ushort UInt16(ReadOnlySpan<byte> data, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(data) : BinaryPrimitives.ReadUInt16BigEndian(data);

    private static uint UInt32(ReadOnlySpan<byte> data, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(data) : BinaryPrimitives.ReadUInt32BigEndian(data);
}
