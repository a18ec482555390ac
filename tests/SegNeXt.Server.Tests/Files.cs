using System.Buffers.Binary;
using System.IO.Compression;

namespace SegNeXt.Server.Tests;

/// <summary>Files made by hand.</summary>
internal static class Files
{
    /// <summary>Gives a JPEG an EXIF orientation.</summary>
    /// <param name="jpeg">The file.</param>
    /// <param name="orientation">1 to 8.</param>
    public static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] exif =
        [
            .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0,
            0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    /// <summary>A grey PNG of zeros: very many pixels in few bytes.</summary>
    /// <param name="width">As its header claims.</param>
    /// <param name="height">As its header claims.</param>
    /// <param name="rows">How many rows there really are.</param>
    public static byte[] Zeros(int width, int height, int rows)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] row = new byte[width + 1];
            for (int y = 0; y < rows; y++)
            {
                zlib.Write(row);
            }
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        return [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. name, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Checksum(chunk.AsSpan(4, chunk.Length - 8)));
        return chunk;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint value = uint.MaxValue;
        foreach (byte one in bytes)
        {
            value ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }
        }

        return ~value;
    }
}
