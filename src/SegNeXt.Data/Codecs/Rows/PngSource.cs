using System.Buffers.Binary;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// The bytes of a PNG file for a decoder that reads on and on: header, palette, pixel data and end alone, as
/// <see cref="PngStructure"/> picks them where the whole file is in memory.
/// </summary>
/// <param name="file">The file, at its beginning.</param>
/// <param name="name">What errors call it.</param>
internal sealed class PngSource(FileStream file, string name)
{
    private readonly byte[] _start = new byte[8];
    private int _pending;
    private long _left;
    private bool _begun;
    private bool _paletteCounts;

    /// <summary>Reads the next bytes.</summary>
    /// <param name="target">Filled to its end.</param>
    /// <exception cref="InputException">The file ends before, cannot be read, or holds what no decoder may skip.</exception>
    public void Read(Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            if (_pending > 0)
            {
                int count = Math.Min(_pending, target.Length);
                _start.AsSpan(_start.Length - _pending, count).CopyTo(target);
                _pending -= count;
                target = target[count..];
            }
            else if (_left > 0)
            {
                int count = (int)Math.Min(_left, target.Length);
                Fill(target[..count]);
                _left -= count;
                target = target[count..];
            }
            else
            {
                NextChunk();
            }
        }
    }

    /// <summary>Goes to the next chunk that the decoder is to see.</summary>
    private void NextChunk()
    {
        while (true)
        {
            Fill(_start);
            if (!_begun)
            {
                // The signature, which has been looked at before.
                (_begun, _pending) = (true, _start.Length);
                return;
            }

            const int Sum = 4;
            long length = BinaryPrimitives.ReadUInt32BigEndian(_start);
            ReadOnlySpan<byte> type = _start.AsSpan(4);
            if (type.SequenceEqual("IHDR"u8) || type.SequenceEqual("IDAT"u8) || type.SequenceEqual("IEND"u8)
                || (type.SequenceEqual("PLTE"u8) && _paletteCounts))
            {
                (_pending, _left) = (_start.Length, length + Sum);
                return;
            }

            if ((type[0] & 0x20) == 0 && !type.SequenceEqual("PLTE"u8))
            {
                throw new InputException($"{name} is damaged: it holds a PNG chunk that is necessary and unknown.");
            }

            if (length + Sum > file.Length - file.Position)
            {
                throw Cut();
            }

            file.Position += length + Sum;
        }
    }

    /// <summary>Says that the palette is the picture's own, not a hint for displays.</summary>
    public void KeepPalette() => _paletteCounts = true;

    private void Fill(Span<byte> target)
    {
        try
        {
            file.ReadExactly(target);
        }
        catch (EndOfStreamException)
        {
            throw Cut();
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Wrap(name, error);
        }
    }

    private InputException Cut() => new($"{name} is incomplete: the PNG file breaks off before its end.");
}
