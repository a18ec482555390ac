using System.Runtime.InteropServices;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// A sequential JPEG file read by rows. libjpeg-turbo's TurboJPEG decodes whole pictures only; so the file's codes are cut into
/// strips, each a small JPEG of its own, which overlap by a row of units on either side, as far as chroma is interpolated. The pixels
/// are those of the whole picture.
/// </summary>
internal sealed class JpegRows : ImageRows
{
    /// <summary>Rows of units that a strip adds; two more are decoded with them.</summary>
    private const int StripUnits = 16;

    private const int FirstBytes = 1 << 16;

    private readonly string _name;
    private readonly FileStream _file;
    private readonly JpegScanHeader _header;
    private readonly JpegScan _scan;
    private readonly int _units;

    /// <summary>Rows of units whose codes are held, the first of which is <see cref="_firstHeld"/>.</summary>
    private readonly List<byte[]> _held = [];
    private int _firstHeld;
    private int _end;
    private byte[] _pixels = [];
    private int _firstRow;

    private JpegRows(string path, FileStream file, JpegScanHeader header)
        : base(header.Width, header.Height)
    {
        (_name, _file, _header) = (path, file, header);
        _units = (header.Height + header.UnitHeight - 1) / header.UnitHeight;
        file.Position = header.DataStart;
        _scan = new JpegScan(new JpegBits(file, path), header, path);
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">A JPEG file whose header has been looked at.</param>
    /// <returns>Null where it is of several scans, and cannot be read by rows.</returns>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static JpegRows? TryOpen(string path)
    {
        RegularFile.Require(path);
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            JpegScanHeader? header = null;
            byte[] start = [];
            for (long wanted = FirstBytes; ; wanted *= 4)
            {
                int length = (int)Math.Min(Math.Min(wanted, file.Length), Array.MaxLength), have = start.Length;
                Array.Resize(ref start, length);
                have += file.ReadAtLeast(start.AsSpan(have), length - have, throwOnEndOfStream: false);
                if (JpegScanHeader.TryRead(start.AsSpan(0, have), out header) || have < wanted)
                {
                    break;
                }
            }

            if (header is null)
            {
                file.Dispose();
                return null;
            }

            JpegFrame frame = JpegStructure.ReadHeader(start, path, isWhole: true)!.Value.Frame;
            if (frame.Blocks * 2 / 8 > file.Length)
            {
                throw new InputException($"{path} is incomplete: its header claims {frame.Width}×{frame.Height} pixels, far more than its {file.Length} bytes can hold.");
            }

            return new JpegRows(path, file, header);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            file?.Dispose();
            throw FileErrors.Wrap(path, error);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    private protected override void ReadRow(int y, Span<byte> row)
    {
        if (y == _end)
        {
            NextStrip();
        }

        _pixels.AsSpan((y - _firstRow) * row.Length, row.Length).CopyTo(row);
    }

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        base.Dispose(disposing);
    }

    private void NextStrip()
    {
        int first = _end / _header.UnitHeight, last = Math.Min(first + StripUnits, _units);
        int from = Math.Max(first - 1, 0), to = Math.Min(last + 1, _units);
        _held.RemoveRange(0, from - _firstHeld);
        _firstHeld = from;
        while (_firstHeld + _held.Count < to)
        {
            _held.Add(_scan.NextRow());
            if (_firstHeld + _held.Count == _units)
            {
                _scan.End();
            }
        }

        _firstRow = from * _header.UnitHeight;
        int height = Math.Min(to * _header.UnitHeight, Height) - _firstRow;
        Decode(_header.Assemble(_held, height), height);
        _end = Math.Min(last * _header.UnitHeight, Height);
    }

    private void Decode(byte[] jpeg, int height)
    {
        bool cmyk = _header.Components.Length == 4;
        int channels = cmyk ? 4 : 3;
        byte[] pixels = !cmyk && _pixels.Length >= (long)Width * height * channels
            ? _pixels
            : GC.AllocateUninitializedArray<byte>(checked(Width * height * channels));
        using TurboJpegHandle decompressor = NativeTurboJpeg.InitDecompress();
        int status = NativeTurboJpeg.Decompress(
            decompressor, jpeg, new CULong((nuint)jpeg.Length), pixels, Width, 0, height, cmyk ? NativeTurboJpeg.PixelCmyk : NativeTurboJpeg.PixelRgb,
            NativeTurboJpeg.AccurateDct | NativeTurboJpeg.LimitScans | NativeTurboJpeg.StopOnWarning);
        if (status != 0)
        {
            throw new InputException($"{_name} is damaged: {NativeTurboJpeg.ErrorText(decompressor).Replace("Corrupt JPEG data: ", "", StringComparison.Ordinal).TrimEnd('.')} (libjpeg-turbo).");
        }

        _pixels = cmyk ? CmykColors.ToRgb(pixels, inverted: _header.IsAdobe) : pixels;
    }
}
