namespace SegNeXt.Data;

/// <summary>Writes the bits of a JPEG scan, with a zero behind each byte of ones.</summary>
internal sealed class JpegBitWriter
{
    private byte[] _bytes = new byte[1 << 16];
    private int _length;
    private ulong _bits;
    private int _count;

    /// <summary>Adds bits.</summary>
    /// <param name="bits">The value; no bit beyond <paramref name="count"/>.</param>
    /// <param name="count">0 to 31.</param>
    public void Put(uint bits, int count)
    {
        _bits = (_bits << count) | bits;
        _count += count;
        while (_count >= 8)
        {
            _count -= 8;
            Add((byte)(_bits >> _count));
        }
    }

    /// <summary>Fills the last byte up with ones, as the format asks, and hands the bytes over.</summary>
    public byte[] Finish()
    {
        if (_count > 0)
        {
            Put((1u << (8 - _count)) - 1, 8 - _count);
        }

        byte[] result = _bytes[.._length];
        (_length, _bits, _count) = (0, 0, 0);
        return result;
    }

    private void Add(byte value)
    {
        if (_length + 2 > _bytes.Length)
        {
            Array.Resize(ref _bytes, 2 * _bytes.Length);
        }

        _bytes[_length++] = value;
        if (value == 0xFF)
        {
            _bytes[_length++] = 0;
        }
    }
}
