using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A PNG file, decoded row by row as it is read (libspng's progressive mode).</summary>
internal sealed class PngRows : ImageRows
{
    /// <summary>As much as is asked of the disk at once.</summary>
    private const int FileBuffer = 1 << 18;

    /// <summary>zlib's deflate gives at most 1032 bytes for one.</summary>
    private const int MaxInflation = 1032;

    private readonly string _name;
    private readonly FileStream _file;
    private readonly SpngHandle _context;
    private readonly SpngStream _stream;

    public PngRows(string path)
        : this(path, OpenFile(path))
    {
    }

    private PngRows(string path, (FileStream File, PngHeader Header) opened)
        : base(opened.Header.Width, opened.Header.Height)
    {
        (_name, _file) = (path, opened.File);
        PngSource source = new(_file, path);
        if (opened.Header.ColorType == PngHeader.Palette)
        {
            source.KeepPalette();
        }

        _context = NativeSpng.NewContext(0);
        _stream = SpngStream.Attach(_context, source, out int status);
        try
        {
            Check(status);
            Check(NativeSpng.DecodeImage(_context, [], 0, NativeSpng.FormatRgb8, NativeSpng.DecodeProgressive));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private protected override void ReadRow(int y, Span<byte> row)
    {
        int status = NativeSpng.DecodeRow(_context, row, (nuint)row.Length);
        bool last = y == Height - 1;
        Check(last && status == NativeSpng.EndOfImage ? 0 : status);
        if (last)
        {
            // The last row may be there before the last chunk's checksum has been looked at.
            Check(NativeSpng.DecodeChunks(_context));
        }
    }

    protected override void Dispose(bool disposing)
    {
        _context.Dispose();
        _stream.Dispose();
        _file.Dispose();
        base.Dispose(disposing);
    }

    private static (FileStream File, PngHeader Header) OpenFile(string path)
    {
        RegularFile.Require(path);
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileBuffer, FileOptions.SequentialScan);
            byte[] start = new byte[PngStructure.Signature.Length + 8 + 13 + 4 + 8];
            file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            file.Position = 0;
            PngHeader header = PngStructure.ReadFirstChunk(start, path);
            if ((header.RowBytes + 1) * header.Height / MaxInflation > file.Length)
            {
                throw new InputException(
                    $"{path} is incomplete: its header claims {header.Width}×{header.Height} pixels, far more than its {file.Length} bytes can hold.");
            }

            return header.Width <= Array.MaxLength / 3
                ? (file, header)
                : throw new InputException($"{path} claims rows of {header.Width} pixels, more than can be read.");
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

    private void Check(int status)
    {
        if (status != 0)
        {
            _stream.ThrowFault();
            throw new InputException($"{_name} is damaged: {NativeSpng.ErrorText(status)} (libspng).");
        }
    }
}
