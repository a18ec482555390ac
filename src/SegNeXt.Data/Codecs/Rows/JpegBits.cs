using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>The bits of a JPEG scan as they come from a file: stuffed bytes are taken out, a marker ends them.</summary>
/// <param name="file">The file, behind the scan's header.</param>
/// <param name="name">What errors call it.</param>
internal sealed class JpegBits(FileStream file, string name)
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _position;
    private int _length;
    private ulong _bits;
    private int _count;

    /// <summary>Zeros among the bits that no byte of the file stands for, once a marker or the end has been reached.</summary>
    private int _made;

    /// <summary>The marker that was met, or -1; 0 for the end of the file.</summary>
    public int Marker { get; private set; } = -1;

    /// <summary>Whether more bits were taken than there were.</summary>
    public bool IsOverrun => _made > _count;

    /// <summary>Whole bytes that are left before the marker, none of which should be.</summary>
    public bool HasSurplus => _count - _made >= 8;

    /// <summary>The next 16 bits, without taking them.</summary>
    public int Peek16()
    {
        if (_count < 32)
        {
            Fill();
        }

        return (int)(_bits >> (_count - 16)) & 0xFFFF;
    }

    /// <summary>Takes up to 31 bits; at least as many have been made ready by <see cref="Peek16"/>.</summary>
    public uint Take(int count)
    {
        _count -= count;
        return (uint)((_bits >> _count) & ((1UL << count) - 1));
    }

    /// <summary>Goes on behind a marker.</summary>
    public void Resume()
    {
        (_bits, _count, _made, Marker) = (0, 0, 0, -1);
    }

    /// <summary>Goes to the marker behind the scan's codes.</summary>
    /// <returns>Bytes on the way that belong to nothing, and whether they are all the same.</returns>
    public (long Count, bool Same) SkipToMarker()
    {
        long surplus = Math.Max(0, _count - _made) / 8;
        bool same = true;
        int first = -1;
        for (long i = 0; i < surplus; i++)
        {
            int value = (int)(_bits >> (_count - ((_count - _made) % 8) - 8 - (8 * (int)i))) & 0xFF;
            same &= first < 0 || value == first;
            first = value;
        }

        while (Marker < 0 && Next() is var next and >= 0)
        {
            same &= first < 0 || next == first;
            first = next;
            surplus++;
        }

        return (surplus, same);
    }

    private void Fill()
    {
        while (_count <= 56)
        {
            int value = Marker < 0 ? Next() : -1;
            if (value < 0)
            {
                value = 0;
                _made += 8;
            }

            _bits = (_bits << 8) | (uint)value;
            _count += 8;
        }
    }

    /// <summary>The next byte of the codes; -1 at a marker and at the end.</summary>
    private int Next()
    {
        int value = Byte();
        if (value != 0xFF)
        {
            Marker = value < 0 ? 0 : -1;
            return value;
        }

        int code = Byte();
        while (code == 0xFF)
        {
            code = Byte();
        }

        if (code == 0)
        {
            return 0xFF;
        }

        Marker = Math.Max(code, 0);
        return -1;
    }

    private int Byte()
    {
        if (_position == _length)
        {
            try
            {
                (_position, _length) = (0, file.Read(_buffer));
            }
            catch (Exception error) when (FileErrors.IsFileError(error))
            {
                throw FileErrors.Wrap(name, error);
            }

            if (_length == 0)
            {
                return -1;
            }
        }

        return _buffer[_position++];
    }
}
