namespace SegNeXt.Data;

/// <summary>Mixes the classes' colours into a picture, a row at a time.</summary>
internal sealed class OverlayRow
{
    /// <summary>Edge of a picture, in pixels, for each pixel of a contour's width.</summary>
    private const int EdgePerContour = 900;

    /// <summary>How far a class's contour goes from its colour towards black or, for dark colours, towards white.</summary>
    private const double ContourShade = 0.4;

    private const double DarkColor = 0.4;

    private readonly int[] _palette;
    private readonly int[] _lines;
    private readonly int _share;

    /// <summary>Prepares.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="palette">Colours <c>0xRRGGBB</c> by id.</param>
    /// <param name="opacity">0 (the picture alone) to 1 (the colours alone).</param>
    /// <param name="contours">Whether regions are outlined.</param>
    public OverlayRow(int width, int height, int[] palette, double opacity, bool contours)
    {
        _palette = palette;
        _lines = [.. palette.Select(Contour)];
        _share = (int)Math.Round(opacity * 255);
        Reach = contours ? Math.Max(1, (int)Math.Round((double)Math.Max(width, height) / EdgePerContour)) : 0;
    }

    /// <summary>Width of a contour: how many rows and columns away another class is looked for.</summary>
    public int Reach { get; }

    /// <summary>Mixes colours into a row.</summary>
    /// <param name="pixels">The picture's row; changed.</param>
    /// <param name="row">The ids there.</param>
    /// <param name="above">The ids <see cref="Reach"/> rows above, or of the first row.</param>
    /// <param name="below">The ids <see cref="Reach"/> rows below, or of the last row.</param>
    public void Blend(Span<byte> pixels, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, ReadOnlySpan<byte> below)
    {
        for (int x = 0; x < row.Length; x++)
        {
            byte id = row[x];
            if (id >= _palette.Length)
            {
                continue;
            }

            bool isLine = IsOther(above[x]) || IsOther(below[x])
                || IsOther(row[Math.Max(x - Reach, 0)]) || IsOther(row[Math.Min(x + Reach, row.Length - 1)]);
            Colors.MixInto(pixels.Slice(x * 3, 3), isLine ? _lines[id] : _palette[id], isLine ? 255 : _share);

            // Towards pixels without a class there is no line: they are often specks or seams in hand-made labels.
            bool IsOther(byte neighbour) => neighbour != id && neighbour < _palette.Length;
        }
    }

    private static int Contour(int color) => Colors.Mix(color, Colors.Lightness(color) < DarkColor ? 0xFFFFFF : 0, ContourShade);
}
