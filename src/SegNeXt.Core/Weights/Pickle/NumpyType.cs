using System.Buffers.Binary;

namespace SegNeXt.Core;

/// <summary>The type of a numpy scalar in a checkpoint's <c>meta</c>, such as <c>f8</c>.</summary>
internal sealed record NumpyType(string Code)
{
    /// <summary>The scalar as a plain bool, long or double; false if the type is another or the size is wrong.</summary>
    public bool Decode(ReadOnlySpan<byte> bytes, out object? value)
    {
        value = (Code.TrimStart('<', '|', '='), bytes.Length) switch
        {
            ("b1", 1) => bytes[0] != 0,
            ("i1", 1) => (long)(sbyte)bytes[0],
            ("u1", 1) => (long)bytes[0],
            ("i2", 2) => (long)BinaryPrimitives.ReadInt16LittleEndian(bytes),
            ("u2", 2) => (long)BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            ("i4", 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ("u4", 4) => (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            ("i8", 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            ("u8", 8) => (object)(System.Numerics.BigInteger)BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            ("f2", 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            ("f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ("f8", 8) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            _ => null,
        };
        return value is not null;
    }
}
