using System.Buffers.Binary;

namespace SegNeXt.Data;

/// <summary>Walks the markers of a JPEG file (ITU-T T.81, annex B) without decoding anything.</summary>
internal ref struct JpegSegments
{
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte App0 = 0xE0;
    public const byte App1 = 0xE1;
    public const byte App14 = 0xEE;
    public const byte App15 = 0xEF;
    public const byte Comment = 0xFE;

    private readonly ReadOnlySpan<byte> _data;

    /// <summary>Starts behind the start-of-image marker.</summary>
    public JpegSegments(ReadOnlySpan<byte> data)
    {
        _data = data;
        End = 2;
    }

    /// <summary>The marker's second byte.</summary>
    public byte Marker { get; private set; }

    /// <summary>Where the marker's 0xFF is.</summary>
    public int Start { get; private set; }

    /// <summary>Where the segment's content begins, behind its length field.</summary>
    public int ContentStart { get; private set; }

    /// <summary>Where the segment, or the scan skipped after it, ends.</summary>
    public int End { get; private set; }

    /// <summary>Bytes before this marker that belong to nothing.</summary>
    public int Stray { get; private set; }

    /// <summary>The segment's content.</summary>
    public readonly ReadOnlySpan<byte> Content => _data[ContentStart..End];

    /// <summary>Goes to the next marker and, where it has one, takes in its segment.</summary>
    /// <returns>False at the end of the data, or where a segment reaches beyond it.</returns>
    public bool Read()
    {
        int marker = FindMarker(End, inScan: false);
        if (marker < 0)
        {
            return false;
        }

        Start = marker;
        Marker = _data[marker + 1];
        Stray = CountStray(End, marker);
        ContentStart = marker + 2;
        End = ContentStart;
        if (Marker is 0x01 or (>= 0xD0 and <= EndOfImage))
        {
            return true;
        }

        if (_data.Length - ContentStart < 2)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(_data[ContentStart..]);
        if (length < 2 || length > _data.Length - ContentStart)
        {
            return false;
        }

        End = ContentStart + length;
        ContentStart += 2;
        return true;
    }

    /// <summary>Skips the compressed data behind a scan header: up to the next marker that is no restart marker, or to the end.</summary>
    public void SkipScan()
    {
        int marker = FindMarker(End, inScan: true);
        End = marker < 0 ? _data.Length : marker;
    }

    /// <summary>The last 0xFF before a marker code at or after <paramref name="from"/>, or -1.</summary>
    private readonly int FindMarker(int from, bool inScan)
    {
        for (int i = from; ;)
        {
            int found = _data[i..].IndexOf((byte)0xFF);
            if (found < 0)
            {
                return -1;
            }

            i += found;
            // Any number of 0xFF may stand before the code.
            int behind = _data[i..].IndexOfAnyExcept((byte)0xFF);
            if (behind < 0)
            {
                return -1;
            }

            i += behind;
            byte code = _data[i];
            if (code != 0 && !(inScan && code is >= 0xD0 and <= 0xD7))
            {
                return i - 1;
            }
        }
    }

    private readonly int CountStray(int from, int to)
    {
        int fill = _data[from..to].LastIndexOfAnyExcept((byte)0xFF);
        return fill + 1;
    }
}
