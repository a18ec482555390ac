using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SegNeXt.Data.Tests;

/// <summary>Makes PNG files of every kind, and broken ones, from samples; independent of the code under test.</summary>
internal sealed class PngBuilder
{
    private static readonly (int X, int Y, int StepX, int StepY)[] s_passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int Depth { get; init; }

    public required int ColorType { get; init; }

    public bool Interlaced { get; init; }

    /// <summary>Red, green, blue of each entry.</summary>
    public byte[] Palette { get; init; } = [];

    public int Channels => ColorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public static byte[] Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A chunk with its length and checksum.</summary>
    public static byte[] Chunk(string type, params byte[] content)
    {
        byte[] chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        content.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), Crc(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }

    /// <summary>Deflates with zlib's frame.</summary>
    public static byte[] Compress(byte[] raw)
    {
        using MemoryStream stream = new();
        using (ZLibStream zlib = new(stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(raw);
        }

        return stream.ToArray();
    }

    public byte[] HeaderChunk()
    {
        byte[] content = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(content, Width);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4), Height);
        content[8] = (byte)Depth;
        content[9] = (byte)ColorType;
        content[12] = Interlaced ? (byte)1 : (byte)0;
        return Chunk("IHDR", content);
    }

    public byte[] PaletteChunk() => Palette.Length == 0 ? [] : Chunk("PLTE", Palette);

    /// <summary>The whole file; a sample is asked for by column, row and channel.</summary>
    public byte[] Build(Func<int, int, int, int> sample) =>
        [.. Signature, .. HeaderChunk(), .. PaletteChunk(), .. Chunk("IDAT", Compress(Raw(sample))), .. Chunk("IEND")];

    /// <summary>The rows with their filter bytes (none), pass by pass, before compression.</summary>
    public byte[] Raw(Func<int, int, int, int> sample)
    {
        List<byte> raw = [];
        foreach ((int x0, int y0, int stepX, int stepY) in Interlaced ? s_passes : [(0, 0, 1, 1)])
        {
            for (int y = y0; y < Height && x0 < Width; y += stepY)
            {
                raw.Add(0);
                int bits = 0;
                int count = 0;
                for (int x = x0; x < Width; x += stepX)
                {
                    for (int c = 0; c < Channels; c++)
                    {
                        int value = sample(x, y, c);
                        if (Depth == 16)
                        {
                            raw.Add((byte)(value >> 8));
                        }

                        bits = (bits << Math.Min(Depth, 8)) | (value & ((1 << Math.Min(Depth, 8)) - 1));
                        count += Math.Min(Depth, 8);
                        if (count == 8)
                        {
                            raw.Add((byte)bits);
                            (bits, count) = (0, 0);
                        }
                    }
                }

                if (count > 0)
                {
                    raw.Add((byte)(bits << (8 - count)));
                }
            }
        }

        return [.. raw];
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
