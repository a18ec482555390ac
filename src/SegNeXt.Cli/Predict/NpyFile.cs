using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace SegNeXt.Cli;

/// <summary>Writes NumPy's <c>.npy</c> format, version 1.0: float32, little-endian, row-major.</summary>
internal static class NpyFile
{
    private const int Alignment = 64;

    /// <summary>Writes an array.</summary>
    /// <param name="stream">Takes the file's bytes.</param>
    /// <param name="values">The numbers, row-major; as many as the shape's product.</param>
    /// <param name="shape">Sizes, outermost first.</param>
    public static void Write(Stream stream, ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        string sizes = string.Join(", ", shape.ToArray());
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({sizes}{(shape.Length == 1 ? "," : "")}), }}";

        // Magic, version and length take 10 bytes; blanks and a line feed bring the data to a multiple of 64.
        int length = header.Length + 1;
        int padding = (Alignment - ((10 + length) % Alignment)) % Alignment;
        Span<byte> start = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(start[8..], (ushort)(length + padding));
        stream.Write(start);
        stream.Write(Encoding.ASCII.GetBytes(header + new string(' ', padding) + "\n"));
        if (BitConverter.IsLittleEndian)
        {
            // A span of bytes holds 2 GiB at most, which 150 classes of a large picture exceed.
            const int Chunk = 1 << 20;
            for (int offset = 0; offset < values.Length; offset += Chunk)
            {
                stream.Write(MemoryMarshal.AsBytes(values.Slice(offset, Math.Min(Chunk, values.Length - offset))));
            }
        }
        else
        {
            Span<byte> bytes = stackalloc byte[4];
            foreach (float value in values)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
                stream.Write(bytes);
            }
        }
    }
}
