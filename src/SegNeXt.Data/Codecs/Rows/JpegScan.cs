using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// The one scan of a sequential JPEG, cut into rows of blocks (T.81, annex F) that can be decoded each for itself: the codes
/// are copied, but for the first coefficients, which a file stores as differences from block to block. Nothing is decoded
/// into pixels here.
/// </summary>
/// <param name="bits">The scan's bits.</param>
/// <param name="header">Tables, components and sizes.</param>
/// <param name="name">What errors call the file.</param>
internal sealed class JpegScan(JpegBits bits, JpegScanHeader header, string name)
{
    /// <summary>Bytes of any value before the end-of-image marker that are no fault; a run of one value may be longer.</summary>
    private const int PaddingLimit = 4;

    private readonly JpegBitWriter _writer = new();
    private readonly int[] _stored = new int[header.Components.Length];
    private readonly int[] _written = new int[header.Components.Length];
    private long _done;

    /// <summary>The next row of blocks as codes for a decoder that begins there.</summary>
    /// <exception cref="InputException">The codes are damaged, or end early.</exception>
    public byte[] NextRow()
    {
        Array.Clear(_written);
        for (int i = 0; i < header.UnitsPerRow; i++)
        {
            if (header.RestartInterval > 0 && _done > 0 && _done % header.RestartInterval == 0)
            {
                Restart();
            }

            for (int c = 0; c < header.Components.Length; c++)
            {
                for (int b = 0; b < header.Components[c].Blocks; b++)
                {
                    Block(c);
                }
            }

            _done++;
            if (bits.IsOverrun)
            {
                throw bits.Marker == 0 || bits.Marker == JpegSegments.EndOfImage
                    ? new InputException($"{name} is incomplete: its picture data end before the {header.Width}×{header.Height} pixels that its header claims.")
                    : Damaged("a marker stands within its picture data");
            }
        }

        return _writer.Finish();
    }

    /// <summary>Looks at what stands behind the last row.</summary>
    /// <exception cref="InputException">There are codes left over.</exception>
    public void End()
    {
        (long count, bool same) = bits.SkipToMarker();
        if (count > PaddingLimit && !same)
        {
            throw new InputException($"{name} is damaged: its picture data do not end where the {header.Width}×{header.Height} pixels that its header claims are complete.");
        }
    }

    private void Restart()
    {
        const int FirstRestart = 0xD0;
        int expected = FirstRestart + (int)((_done / header.RestartInterval + 7) % 8);
        if (bits.HasSurplus || bits.SkipToMarker().Count > 0 || bits.Marker != expected)
        {
            throw Damaged("its restart markers are not where they belong");
        }

        bits.Resume();
        Array.Clear(_stored);
    }

    private void Block(int component)
    {
        JpegScanComponent what = header.Components[component];
        int entry = what.First[bits.Peek16()];
        int size = Size(entry) & 15;
        bits.Take(Length(entry));
        int difference = 0;
        if (size > 0)
        {
            int value = (int)bits.Take(size);
            difference = value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
        }

        // A damaged file may run away; the decoder's numbers wrap like this too.
        _stored[component] = (short)(_stored[component] + difference);
        First(_stored[component] - _written[component]);
        _written[component] = _stored[component];
        for (int k = 1; k < 64;)
        {
            entry = what.Others[bits.Peek16()];
            int length = Length(entry), run = Size(entry) >> 4, extra = Size(entry) & 15;
            _writer.Put(bits.Take(length + extra), length + extra);
            if (extra == 0 && run < 15)
            {
                return;
            }

            // Beyond the 64th the decoder writes nothing, and says nothing.
            k += run + 1;
        }
    }

    /// <summary>Writes a first coefficient's difference by the plain table that <see cref="JpegScanHeader"/> has for all of them.</summary>
    private void First(int difference)
    {
        int size = 0;
        for (int rest = Math.Abs(difference); rest > 0; rest >>= 1)
        {
            size++;
        }

        if (size > 15)
        {
            throw Damaged("its first coefficients are out of range");
        }

        _writer.Put((uint)size, JpegScanHeader.PlainCodeLength);
        if (size > 0)
        {
            _writer.Put((uint)(difference < 0 ? difference + (1 << size) - 1 : difference), size);
        }
    }

    private int Length(int entry) => entry > 0 ? entry >> 8 : throw Damaged("its picture data hold a code that its tables do not have");

    private static int Size(int entry) => entry & 0xFF;

    private InputException Damaged(string fault) => new($"{name} is damaged: {fault}.");
}
