namespace SegNeXt.Core;

/// <summary>A picture that is read row by row from top to bottom, because it may be too large to be held.</summary>
public interface IRgbRows
{
    /// <summary>Columns.</summary>
    int Width { get; }

    /// <summary>Rows.</summary>
    int Height { get; }

    /// <summary>Reads the next row.</summary>
    /// <param name="row">Gets <c>Width × 3</c> bytes: red, green and blue of each pixel.</param>
    /// <exception cref="InputException">What the rows come from is damaged or incomplete.</exception>
    /// <exception cref="InvalidOperationException">All rows have been read.</exception>
    void Read(Span<byte> row);
}
