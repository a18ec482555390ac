using System.Buffers.Binary;

namespace SegNeXt.Data;

/// <summary>A component in a scan.</summary>
/// <param name="Blocks">Blocks in each unit.</param>
/// <param name="First">Its table for first coefficients: by the next 16 bits, the code's length and its symbol; 0 for none.</param>
/// <param name="Others">Its table for the others.</param>
internal sealed record JpegScanComponent(int Blocks, int[] First, int[] Others);

/// <summary>What stands before the one scan of a sequential JPEG, and the headers of JPEGs made of some of its rows.</summary>
internal sealed class JpegScanHeader
{
    /// <summary>Bits of each code of the plain table for first coefficients: the 16 sizes in their order.</summary>
    public const int PlainCodeLength = 5;

    private const byte HuffmanTables = 0xC4;
    private const byte RestartIntervals = 0xDD;
    private const byte Lines = 0xDC;

    private readonly List<byte> _front = [0xFF, JpegSegments.StartOfImage];
    private readonly Dictionary<int, byte[]> _tables = [];
    private byte[] _frame = [];
    private byte[] _scan = [];
    private int _transform;

    private JpegScanHeader()
    {
    }

    /// <summary>Columns of the picture.</summary>
    public int Width { get; private set; }

    /// <summary>Its rows.</summary>
    public int Height { get; private set; }

    /// <summary>Pixel rows of a row of units.</summary>
    public int UnitHeight { get; private set; }

    /// <summary>Units across.</summary>
    public int UnitsPerRow { get; private set; }

    /// <summary>Units between two restart markers; 0 for none.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>The scan's components.</summary>
    public JpegScanComponent[] Components { get; private set; } = [];

    /// <summary>Whether four colours are inks that are stored inverted.</summary>
    public bool IsAdobe { get; private set; }

    /// <summary>Where in the file the scan's codes begin.</summary>
    public long DataStart { get; private set; }

    /// <summary>Reads as far as the first scan's codes.</summary>
    /// <param name="start">The file's beginning.</param>
    /// <param name="header">What it holds; null for a file of several scans, or one that is better left to the decoder as a whole.</param>
    /// <returns>False where more of the file is needed.</returns>
    public static bool TryRead(ReadOnlySpan<byte> start, out JpegScanHeader? header)
    {
        header = null;
        JpegScanHeader result = new();
        JpegSegments segments = new(start);
        while (segments.Read())
        {
            ReadOnlySpan<byte> content = segments.Content;
            switch (segments.Marker)
            {
                case JpegSegments.EndOfImage or Lines:
                    return true;
                case JpegSegments.StartOfScan:
                    result.DataStart = segments.End;
                    result._scan = content.ToArray();
                    header = result.Resolve() ? result : null;
                    return true;
                case HuffmanTables:
                    if (!result.ReadTables(content))
                    {
                        return true;
                    }

                    break;
                case RestartIntervals:
                    result.RestartInterval = content.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(content) : 0;
                    break;
                case var marker when JpegFrame.IsFrameMarker(marker):
                    result._frame = start[segments.Start..segments.End].ToArray();
                    break;
                case JpegSegments.Comment or 0x01 or (>= 0xD0 and <= 0xD7) or (>= JpegSegments.App1 and <= JpegSegments.App15 and not JpegSegments.App14):
                    break;
                default:
                    result.Keep(segments.Marker, start[segments.Start..segments.End]);
                    break;
            }
        }

        return false;
    }

    /// <summary>A JPEG of some rows of units, each with a restart marker behind it.</summary>
    /// <param name="rows">Their codes, from <see cref="JpegScan.NextRow"/>.</param>
    /// <param name="height">Rows of pixels.</param>
    public byte[] Assemble(IReadOnlyList<byte[]> rows, int height)
    {
        byte[] frame = (byte[])_frame.Clone();
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(5), (ushort)height);
        using MemoryStream jpeg = new(_front.Count + 4096 + rows.Sum(row => row.Length + 2));
        jpeg.Write([.. _front]);
        jpeg.Write(frame);
        foreach ((int selector, byte[] table) in _tables)
        {
            byte[] content = selector < 16 ? Plain(selector) : [(byte)selector, .. table];
            jpeg.Write([0xFF, HuffmanTables, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content]);
        }

        jpeg.Write([0xFF, RestartIntervals, 0, 4, (byte)(UnitsPerRow >> 8), (byte)UnitsPerRow]);
        jpeg.Write([0xFF, JpegSegments.StartOfScan, 0, (byte)(_scan.Length + 2), .. _scan]);
        for (int i = 0; i < rows.Count; i++)
        {
            jpeg.Write(rows[i]);
            jpeg.Write([0xFF, i + 1 < rows.Count ? (byte)(0xD0 + (i % 8)) : JpegSegments.EndOfImage]);
        }

        return jpeg.ToArray();
    }

    private static byte[] Plain(int selector)
    {
        byte[] content = new byte[1 + 16 + 16];
        content[0] = (byte)selector;
        content[PlainCodeLength] = 16;
        for (int size = 0; size < 16; size++)
        {
            content[17 + size] = (byte)size;
        }

        return content;
    }

    private void Keep(byte marker, ReadOnlySpan<byte> segment)
    {
        byte[] kept = segment.ToArray();
        Span<byte> content = kept.AsSpan(4);
        if (marker == JpegSegments.App0 && content.Length >= 14 && content.StartsWith("JFIF\0"u8))
        {
            // Of another version the decoder would warn.
            content[5] = 1;
        }
        else if (marker == JpegSegments.App14 && content.Length >= 12 && content.StartsWith("Adobe"u8))
        {
            IsAdobe = true;
            _transform = _front.Count + 4 + 11;
        }

        _front.AddRange(kept);
    }

    private bool ReadTables(ReadOnlySpan<byte> content)
    {
        while (content.Length >= 17)
        {
            int symbols = 0;
            foreach (byte count in content.Slice(1, 16))
            {
                symbols += count;
            }

            if (content.Length < 17 + symbols || content[0] is not (< 4 or (>= 16 and < 20)))
            {
                return false;
            }

            _tables[content[0]] = content.Slice(1, 16 + symbols).ToArray();
            content = content[(17 + symbols)..];
        }

        return content.IsEmpty;
    }

    /// <summary>Puts frame, scan and tables together.</summary>
    /// <returns>Whether they are those of one whole, sequential scan.</returns>
    private bool Resolve()
    {
        if (_frame.Length < 10 || _frame[1] is not (0xC0 or 0xC1) || _frame[9] is var count && (_frame.Length != 10 + (3 * count) || _scan.Length != 4 + (2 * count) || _scan[0] != count))
        {
            return false;
        }

        Height = BinaryPrimitives.ReadUInt16BigEndian(_frame.AsSpan(5));
        Width = BinaryPrimitives.ReadUInt16BigEndian(_frame.AsSpan(7));
        if (count == 1)
        {
            // The blocks of a lone component follow one another whatever its factors are.
            _frame[11] = 0x11;
        }

        if (_transform > 0 && _front[_transform] > 2)
        {
            // What the decoder assumes as well: YCbCr or, of four components, YCCK.
            _front[_transform] = count == 4 ? (byte)2 : (byte)1;
        }

        (int maxH, int maxV) = (1, 1);
        for (int c = 0; c < count; c++)
        {
            maxH = Math.Max(maxH, _frame[11 + (3 * c)] >> 4);
            maxV = Math.Max(maxV, _frame[11 + (3 * c)] & 15);
        }

        (UnitHeight, UnitsPerRow) = (8 * maxV, (Width + (8 * maxH) - 1) / (8 * maxH));
        Components = new JpegScanComponent[count];
        for (int c = 0; c < count; c++)
        {
            int selectors = _scan[2 + (2 * c)], factors = _frame[11 + (3 * c)];
            if (_scan[1 + (2 * c)] != _frame[10 + (3 * c)]
                || !_tables.TryGetValue(selectors >> 4, out byte[]? first) || !_tables.TryGetValue(16 + (selectors & 15), out byte[]? others)
                || first.AsSpan(16).ContainsAnyExceptInRange((byte)0, (byte)15) || Lookup(first) is not { } firstCodes || Lookup(others) is not { } otherCodes)
            {
                return false;
            }

            Components[c] = new JpegScanComponent((factors >> 4) * (factors & 15), firstCodes, otherCodes);
        }

        return true;
    }

    /// <summary>Code length and symbol by the next 16 bits (T.81, annex C); null for a table that is none.</summary>
    private static int[]? Lookup(byte[] table)
    {
        int[] lookup = new int[1 << 16];
        int code = 0, next = 16;
        for (int length = 1; length <= 16; length++, code <<= 1)
        {
            for (int i = 0; i < table[length - 1]; i++, code++, next++)
            {
                if (code >= 1 << length)
                {
                    return null;
                }

                lookup.AsSpan(code << (16 - length), 1 << (16 - length)).Fill((length << 8) | table[next]);
            }
        }

        return lookup;
    }
}
