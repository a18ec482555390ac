using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Writes score maps for NumPy: <c>numpy.load</c> reads them as float32 <c>[K, H, W]</c>.</summary>
public static class NpyWriter
{
    /// <summary>The content starts at a multiple of this many bytes.</summary>
    private const int Alignment = 64;

    private const int Block = 1 << 16;

    /// <summary>Writes a map in NumPy's format 1.0: little-endian float32, C order.</summary>
    /// <param name="path">The file; it is there wholly or not at all.</param>
    /// <param name="map">Scores <c>[K, H, W]</c>.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, LogitMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(Header(map));
            if (BitConverter.IsLittleEndian)
            {
                // In pieces: the bytes of a large map do not fit one span.
                for (int i = 0; i < map.Values.Length; i += Block)
                {
                    stream.Write(MemoryMarshal.AsBytes(map.Values.AsSpan(i, Math.Min(Block, map.Values.Length - i))));
                }

                return;
            }

            Span<byte> value = stackalloc byte[sizeof(float)];
            foreach (float v in map.Values)
            {
                BinaryPrimitives.WriteSingleLittleEndian(value, v);
                stream.Write(value);
            }
        });
    }

    private static byte[] Header(LogitMap map)
    {
        const int Prefix = 10;
        string text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({map.Classes}, {map.Height}, {map.Width}), }}";
        int length = (Prefix + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[length];
        header.AsSpan().Fill((byte)' ');
        ((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0]).CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - Prefix));
        Encoding.ASCII.GetBytes(text, header.AsSpan(Prefix));
        header[^1] = (byte)'\n';
        return header;
    }
}
