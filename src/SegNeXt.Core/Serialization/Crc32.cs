using System.Buffers.Binary;

namespace SegNeXt.Core;

/// <summary>
/// The checksum of zip and PNG files (ISO 3309, polynomial 0x04C11DB7, bits reversed), eight bytes at a time by tables.
/// The base library has none, and the processors' instruction is for another polynomial.
/// </summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 8;

    /// <summary>[256·k + b]: what the byte b leaves in the register with k bytes of 0 behind it.</summary>
    private static readonly uint[] s_table = MakeTable();

    /// <summary>The checksum of bytes that were read before, followed by these.</summary>
    /// <param name="checksum">That of the bytes before; 0 for none.</param>
    /// <param name="bytes">The next bytes.</param>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> table = s_table;
        uint register = ~checksum;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ register;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            register = table[(7 * 256) + (int)(low & 255)] ^ table[(6 * 256) + (int)(low >> 8 & 255)]
                ^ table[(5 * 256) + (int)(low >> 16 & 255)] ^ table[(4 * 256) + (int)(low >> 24)]
                ^ table[(3 * 256) + (int)(high & 255)] ^ table[(2 * 256) + (int)(high >> 8 & 255)]
                ^ table[256 + (int)(high >> 16 & 255)] ^ table[(int)(high >> 24)];
        }

        foreach (byte b in bytes)
        {
            register = table[(int)((register ^ b) & 255)] ^ register >> 8;
        }

        return ~register;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[Slices * 256];
        for (uint b = 0; b < 256; b++)
        {
            uint register = b;
            for (int bit = 0; bit < 8; bit++)
            {
                register = (register & 1) != 0 ? register >> 1 ^ Polynomial : register >> 1;
            }

            table[b] = register;
        }

        for (int i = 256; i < table.Length; i++)
        {
            uint before = table[i - 256];
            table[i] = table[before & 255] ^ before >> 8;
        }

        return table;
    }
}
