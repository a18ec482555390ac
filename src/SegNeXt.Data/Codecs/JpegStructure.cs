using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// A JPEG file taken apart: its frame, what its metadata say of colour and orientation, and which bytes the decoder is
/// to see.
/// </summary>
/// <remarks>
/// The decoder is run so that its first warning ends it, since a warning there means damaged or missing pixels. What it
/// would also warn of without harm to the picture is taken out here first: bytes between segments that belong to
/// nothing, a JFIF version or an Adobe transform that it does not know, and, where the one scan of a sequential file
/// holds everything, a missing end-of-image marker.
/// </remarks>
internal sealed class JpegStructure
{
    /// <summary>More scans than any encoder writes; each may cost a pass over the whole picture.</summary>
    private const int MaxScans = 100;

    private readonly List<Range> _pieces = [];
    private bool _repair;
    private int _end;
    private bool _hasEnd;
    private bool _hasOrientation;
    private bool _oneScanHoldsAll;
    private int _scans;
    private int _firstScan;

    /// <summary>By component identifier: for each of the 64 coefficients, how many low bits are still to come; -1 where none has come.</summary>
    private readonly Dictionary<byte, sbyte[]> _missingBits = [];

    private JpegStructure()
    {
    }

    /// <summary>The frame header.</summary>
    public JpegFrame Frame { get; private set; } = null!;

    /// <summary>The colour transform of the Adobe segment (0 none, 1 YCbCr, 2 YCCK), or null without one.</summary>
    public int? AdobeTransform { get; private set; }

    /// <summary>The EXIF orientation, 1 to 8.</summary>
    public int Orientation { get; private set; } = ExifOrientation.Normal;

    /// <summary>Reads as far as the frame header.</summary>
    /// <param name="data">The file, or its beginning.</param>
    /// <param name="name">The file's name, for errors.</param>
    /// <param name="isWhole">Whether <paramref name="data"/> is all there is.</param>
    /// <returns>The frame and orientation, or null where more bytes are needed.</returns>
    /// <exception cref="InputException">The header is cut short, malformed, or of a kind that is not read.</exception>
    public static (JpegFrame Frame, int Orientation)? ReadHeader(ReadOnlySpan<byte> data, string name, bool isWhole)
    {
        JpegStructure structure = new();
        JpegSegments segments = new(data);
        while (segments.Read())
        {
            structure.Note(segments, name);
            if (structure.Frame is not null)
            {
                return (structure.Frame, structure.Orientation);
            }

            if (segments.Marker is JpegSegments.StartOfScan or JpegSegments.EndOfImage)
            {
                throw NoFrame(name);
            }
        }

        return isWhole ? throw CutInHeader(name) : null;
    }

    /// <summary>Takes a whole file apart.</summary>
    /// <exception cref="InputException">The file is cut short, malformed, too large, or of a kind that is not read.</exception>
    public static JpegStructure Parse(ReadOnlySpan<byte> data, string name, ImageReadOptions options)
    {
        JpegStructure structure = new() { _end = data.Length };
        JpegSegments segments = new(data);
        while (segments.Read())
        {
            if (segments.Marker == JpegSegments.EndOfImage)
            {
                structure._repair |= segments.Stray > 0 && structure._scans == 0;
                structure._hasEnd = true;
                structure._end = segments.End;
                break;
            }

            structure.Note(segments, name);
            if (segments.Marker == JpegSegments.StartOfScan)
            {
                structure.StartScan(ref segments, name);
            }

            structure.Keep(segments);
        }

        structure.RequireComplete(data.Length, name, options);
        return structure;
    }

    /// <summary>The bytes for the decoder: the file up to its end-of-image marker, or a tidied copy.</summary>
    public ReadOnlySpan<byte> ForDecoder(ReadOnlySpan<byte> data)
    {
        if (!_repair)
        {
            return data[.._end];
        }

        using MemoryStream tidy = new(data.Length + 4);
        tidy.Write([0xFF, JpegSegments.StartOfImage]);
        foreach (Range piece in _pieces)
        {
            tidy.Write(data[piece]);
        }

        tidy.Write([0xFF, JpegSegments.EndOfImage]);
        byte[] result = tidy.ToArray();
        RepairMetadata(result);
        return result;
    }

    private void Note(in JpegSegments segments, string name)
    {
        ReadOnlySpan<byte> content = segments.Content;
        byte marker = segments.Marker;
        if (JpegFrame.IsFrameMarker(marker))
        {
            if (Frame is not null)
            {
                throw new InputException($"{name} is damaged: it has two JPEG frame headers.");
            }

            Frame = JpegFrame.Parse(marker, content, name);
        }
        else if (marker == JpegSegments.App1 && Frame is null && !_hasOrientation && content.StartsWith("Exif\0\0"u8))
        {
            _hasOrientation = true;
            Orientation = ExifOrientation.Read(content[6..]);
        }
        else if (IsAdobe(marker, content))
        {
            AdobeTransform = content[11];
            _repair |= content[11] > 2;
        }
        else if (IsJfif(marker, content))
        {
            _repair |= content[5] != 1;
        }
    }

    private void StartScan(ref JpegSegments segments, string name)
    {
        if (Frame is null)
        {
            throw NoFrame(name);
        }

        if (_scans++ == 0)
        {
            _firstScan = segments.Start;
        }

        if (_scans > MaxScans)
        {
            throw new InputException($"{name} is refused: it is a JPEG of more than {MaxScans} scans, which no picture needs.");
        }

        ReadOnlySpan<byte> content = segments.Content;
        int components = content.IsEmpty ? 0 : content[0];
        if (components is < 1 or > 4 || content.Length != 4 + 2 * components)
        {
            throw new InputException($"{name} is damaged: a JPEG scan header has a wrong length.");
        }

        for (int i = 0; i < components; i++)
        {
            NoteCoefficients(content[1 + 2 * i], content[^3..]);
        }

        _oneScanHoldsAll = _scans == 1 && !Frame.IsProgressive && components == Frame.Components;
        segments.SkipScan();
    }

    /// <summary>Takes in what a scan brings of a component: coefficients from the first to the second number, down to a bit.</summary>
    private void NoteCoefficients(byte component, ReadOnlySpan<byte> selection)
    {
        if (!_missingBits.TryGetValue(component, out sbyte[]? missing))
        {
            missing = new sbyte[64];
            Array.Fill(missing, (sbyte)-1);
            _missingBits.Add(component, missing);
        }

        if (!Frame.IsProgressive)
        {
            Array.Clear(missing);
            return;
        }

        for (int i = selection[0]; i <= Math.Min(selection[1], (byte)63); i++)
        {
            missing[i] = (sbyte)(selection[2] & 15);
        }
    }

    private void Keep(in JpegSegments segments)
    {
        // Bytes behind a scan are no stray bytes between segments: the scan itself has swallowed them.
        _repair |= segments.Stray > 0;
        bool metadata = segments.Marker is (>= JpegSegments.App1 and <= JpegSegments.App15 and not JpegSegments.App14) or JpegSegments.Comment;
        bool misplaced = segments.Marker is 0x01 or (>= 0xD0 and <= 0xD7);
        _repair |= misplaced;
        if (!metadata && !misplaced)
        {
            _pieces.Add(segments.Start..segments.End);
        }
    }

    private void RequireComplete(int length, string name, ImageReadOptions options)
    {
        if (Frame is null)
        {
            throw _hasEnd ? NoFrame(name) : CutInHeader(name);
        }

        PixelLimit.Check(Frame.Width, Frame.Height, name, options);
        if (_scans == 0)
        {
            throw _hasEnd
                ? new InputException($"{name} is damaged: the JPEG file holds no picture data.")
                : CutInHeader(name);
        }

        if (!_hasEnd)
        {
            if (!_oneScanHoldsAll)
            {
                throw new InputException($"{name} is incomplete: the JPEG file breaks off before its end-of-image marker.");
            }

            _repair = true;
        }

        int present = _missingBits.Values.Count(missing => missing[0] >= 0);
        if (present < Frame.Components)
        {
            throw new InputException($"{name} is incomplete: the JPEG file holds {present} of its {Frame.Components} colour components.");
        }

        if (_missingBits.Values.Any(missing => missing.Any(bits => bits > 0)))
        {
            throw new InputException($"{name} is incomplete: the last scans of the progressive JPEG file are missing.");
        }

        // The shortest code of a block is one bit for the first coefficient and, in sequential files, one for the rest.
        long bits = Frame.Blocks * (Frame.IsProgressive ? 1 : 2);
        if (bits / 8 > length - _firstScan)
        {
            throw new InputException(
                $"{name} is incomplete: its header claims {Frame.Width}×{Frame.Height} pixels, far more than its {length} bytes can hold.");
        }
    }

    /// <summary>Puts values that the decoder knows in place of those that it would warn of.</summary>
    private void RepairMetadata(Span<byte> data)
    {
        JpegSegments segments = new(data);
        while (segments.Read() && segments.Marker != JpegSegments.StartOfScan)
        {
            Span<byte> content = data[segments.ContentStart..segments.End];
            if (IsJfif(segments.Marker, content))
            {
                content[5] = 1;
            }
            else if (IsAdobe(segments.Marker, content) && content[11] > 2)
            {
                // What the decoder assumes as well: YCbCr or, of four components, YCCK.
                content[11] = Frame.Components == 4 ? (byte)2 : (byte)1;
            }
        }
    }

    private static bool IsJfif(byte marker, ReadOnlySpan<byte> content) =>
        marker == JpegSegments.App0 && content.Length >= 14 && content.StartsWith("JFIF\0"u8);

    private static bool IsAdobe(byte marker, ReadOnlySpan<byte> content) =>
        marker == JpegSegments.App14 && content.Length >= 12 && content.StartsWith("Adobe"u8);

    private static InputException NoFrame(string name) => new($"{name} is damaged: the JPEG file has no frame header.");

    private static InputException CutInHeader(string name) => new($"{name} is incomplete: the JPEG file breaks off before its picture data.");
}
