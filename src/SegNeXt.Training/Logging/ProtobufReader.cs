using System.Buffers.Binary;

namespace SegNeXt.Training;

/// <summary>Reads the fields of a protocol-buffer message one after the other.</summary>
/// <param name="message">The message.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The next field; false at the end.</summary>
    /// <param name="field">Its number.</param>
    /// <param name="bytes">Its content where it is text, bytes or a message.</param>
    /// <param name="number">Its value where it is a number; the bits of a floating-point one.</param>
    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public bool Next(out int field, out ReadOnlySpan<byte> bytes, out ulong number)
    {
        field = 0;
        bytes = default;
        number = 0;
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong key = Varint();
        field = (int)(key >> 3);
        switch (key & 7)
        {
            case 0:
                number = Varint();
                break;
            case 1:
                number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                bytes = Take(Varint());
                break;
            case 5:
                number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw new InvalidDataException("The bytes are no protocol-buffer message.");
        }

        return true;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number of the message is too long.");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw new InvalidDataException("The message ends in the middle of a field.");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
