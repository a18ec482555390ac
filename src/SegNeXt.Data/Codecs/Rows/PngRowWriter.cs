namespace SegNeXt.Data;

/// <summary>Writes a PNG row by row, so that its size costs no memory. The pixels are those that <see cref="PngWriter"/> writes.</summary>
public sealed class PngRowWriter : IDisposable
{
    private readonly SpngHandle _context;
    private readonly SpngStream _stream;
    private readonly int _rowBytes;
    private readonly int _height;
    private int _next;

    private PngRowWriter(Stream target, int width, int height, bool isRgb, ReadOnlySpan<int> palette)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        (_rowBytes, _height) = (width * (isRgb ? 3 : 1), height);
        _context = PngEncoder.NewContext(width, height, isRgb, palette);
        _stream = SpngStream.Attach(_context, target, out int status);
        Check(status);
        Check(NativeSpng.EncodeImage(_context, [], 0, NativeSpng.FormatPng, NativeSpng.EncodeProgressive | NativeSpng.EncodeFinalize));
    }

    /// <summary>Begins a map of class ids: 8-bit grey, or 8-bit indexed where there is a palette.</summary>
    /// <param name="target">Takes the file's bytes; stays open.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="palette">Colours <c>0xRRGGBB</c> of all ids that come, at most 256. Null or empty: grey.</param>
    /// <exception cref="ArgumentException">More than 256 colours.</exception>
    public static PngRowWriter ForIds(Stream target, int width, int height, int[]? palette = null) =>
        palette?.Length > 256
            ? throw new ArgumentException($"A PNG palette has at most 256 colours, not {palette.Length}.", nameof(palette))
            : new PngRowWriter(target, width, height, isRgb: false, palette);

    /// <summary>Begins a picture: 8-bit RGB.</summary>
    /// <param name="target">Takes the file's bytes; stays open.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public static PngRowWriter ForRgb(Stream target, int width, int height) => new(target, width, height, isRgb: true, []);

    /// <summary>Writes the next row; with the last one the file is complete.</summary>
    /// <param name="row">A byte a pixel for ids, three for colours.</param>
    /// <exception cref="ArgumentException">It is no row of this picture.</exception>
    /// <exception cref="InvalidOperationException">All rows have been written.</exception>
    public void Write(ReadOnlySpan<byte> row)
    {
        if (row.Length != _rowBytes)
        {
            throw new ArgumentException($"A row has {_rowBytes} bytes, not {row.Length}.", nameof(row));
        }

        if (_next == _height)
        {
            throw new InvalidOperationException("All rows have been written.");
        }

        int status = NativeSpng.EncodeRow(_context, row, (nuint)row.Length);
        bool last = ++_next == _height;
        Check(last && status == NativeSpng.EndOfImage ? 0 : status);
    }

    /// <summary>Frees the encoder; before the last row the file is incomplete.</summary>
    public void Dispose()
    {
        _context.Dispose();
        _stream.Dispose();
    }

    private void Check(int status)
    {
        if (status != 0)
        {
            _stream.ThrowFault();
            PngEncoder.Check(status);
        }
    }
}
