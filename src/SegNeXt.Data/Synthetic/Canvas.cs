using System.Numerics;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// A picture in the making: colours and class ids on a grid of 3×3 sub-pixels, over which polygons are painted back to front.
/// Shapes are given in pixels of the finished picture, y down.
/// </summary>
internal sealed class Canvas
{
    /// <summary>Leaves the class ids under a shape as they are.</summary>
    public const int KeepLabel = -1;

    /// <summary>Sub-pixels along each side of a pixel.</summary>
    private const int Samples = 3;

    /// <summary>A pixel whose commonest class has fewer of its nine sub-pixels than this becomes void.</summary>
    private const int ClearMajority = 6;

    private readonly int _columns;
    private readonly int _rows;
    private readonly Vector3[] _colours;
    private readonly byte[] _labels;
    private readonly bool[] _marks;
    private readonly Vector3[] _shades;
    private readonly int[] _shadeRows;
    private float[] _crossings = new float[16];

    /// <summary>Creates a black canvas of class 0.</summary>
    public Canvas(int width, int height)
    {
        Width = width;
        Height = height;
        _columns = checked(width * Samples);
        _rows = checked(height * Samples);
        _colours = new Vector3[checked(_columns * _rows)];
        _labels = new byte[_colours.Length];
        _marks = new bool[_colours.Length];
        _shades = new Vector3[width];
        _shadeRows = new int[width];
    }

    /// <summary>Columns of the finished picture.</summary>
    public int Width { get; }

    /// <summary>Rows of the finished picture.</summary>
    public int Height { get; }

    /// <summary>Fills a polygon with one colour.</summary>
    /// <param name="polygon">Corners; where it crosses itself, the even-odd rule holds.</param>
    /// <param name="colour">The colour.</param>
    /// <param name="label">Class id, or <see cref="KeepLabel"/>.</param>
    /// <param name="alpha">How much of the colour replaces what was there.</param>
    public void Fill(ReadOnlySpan<Vector2> polygon, Vector3 colour, int label, float alpha = 1f)
    {
        foreach ((int start, int end) in new Spans(this, polygon))
        {
            Span<Vector3> target = _colours.AsSpan(start, end - start);
            if (alpha >= 1f)
            {
                target.Fill(colour);
            }
            else
            {
                foreach (ref Vector3 pixel in target)
                {
                    pixel = Vector3.Lerp(pixel, colour, alpha);
                }
            }

            SetLabel(start, end, label);
        }
    }

    /// <summary>Fills a polygon with a paint, which is asked once for each pixel, at its centre.</summary>
    public void Fill(ReadOnlySpan<Vector2> polygon, Paint paint, int label)
    {
        Array.Fill(_shadeRows, -1);
        foreach ((int start, int end) in new Spans(this, polygon))
        {
            int row = start / _columns / Samples;
            int column = start % _columns;
            for (int i = start; i < end; i++, column++)
            {
                int x = column / Samples;
                if (_shadeRows[x] != row)
                {
                    _shadeRows[x] = row;
                    _shades[x] = paint.At(x + 0.5f, row + 0.5f);
                }

                _colours[i] = _shades[x];
            }

            SetLabel(start, end, label);
        }
    }

    /// <summary>Marks a polygon; overlapping ones count once.</summary>
    public void Mark(ReadOnlySpan<Vector2> polygon)
    {
        foreach ((int start, int end) in new Spans(this, polygon))
        {
            _marks.AsSpan(start, end - start).Fill(true);
        }
    }

    /// <summary>Multiplies the colours of all marked places by a factor, and clears the marks.</summary>
    public void ShadeMarks(Vector3 factor)
    {
        for (int i = 0; i < _marks.Length; i++)
        {
            if (_marks[i])
            {
                _colours[i] *= factor;
            }
        }

        Array.Clear(_marks);
    }

    /// <summary>The finished picture, each pixel the mean of its sub-pixels, as R, G, B in 0 to 1, and the class ids.</summary>
    public (Vector3[] Colours, LabelMap Label) Resolve()
    {
        Vector3[] colours = new Vector3[Width * Height];
        LabelMap label = new(Width, Height);
        Span<byte> ids = stackalloc byte[Samples * Samples];
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                Vector3 sum = Vector3.Zero;
                int n = 0;
                for (int dy = 0; dy < Samples; dy++)
                {
                    int start = (((y * Samples) + dy) * _columns) + (x * Samples);
                    for (int dx = 0; dx < Samples; dx++)
                    {
                        sum += _colours[start + dx];
                        ids[n++] = _labels[start + dx];
                    }
                }

                colours[(y * Width) + x] = sum / (Samples * Samples);
                label.Ids[(y * Width) + x] = Majority(ids);
            }
        }

        return (colours, label);
    }

    private static byte Majority(ReadOnlySpan<byte> ids)
    {
        byte best = ids[0];
        int most = 0;
        foreach (byte id in ids)
        {
            int count = ids.Count(id);
            if (count > most)
            {
                most = count;
                best = id;
            }

            if (most >= ClearMajority)
            {
                return best;
            }
        }

        return LabelMap.Ignore;
    }

    private void SetLabel(int start, int end, int label)
    {
        if (label != KeepLabel)
        {
            _labels.AsSpan(start, end - start).Fill((byte)label);
        }
    }

    /// <summary>The runs of sub-pixels whose centres lie in a polygon, row by row, as indices into the arrays.</summary>
    private ref struct Spans
    {
        private readonly Canvas _canvas;
        private readonly ReadOnlySpan<Vector2> _polygon;
        private readonly int _lastRow;
        private int _row;
        private int _count;
        private int _next;

        public Spans(Canvas canvas, ReadOnlySpan<Vector2> polygon)
        {
            _canvas = canvas;
            _polygon = polygon;
            float top = float.PositiveInfinity;
            float bottom = float.NegativeInfinity;
            foreach (Vector2 p in polygon)
            {
                top = Math.Min(top, p.Y);
                bottom = Math.Max(bottom, p.Y);
            }

            // Clamped before the cast: a corner may lie far outside.
            _row = (int)Math.Clamp(MathF.Floor(top * Samples), 0f, canvas._rows) - 1;
            _lastRow = (int)Math.Clamp(MathF.Ceiling(bottom * Samples), 0f, canvas._rows) - 1;
            if (canvas._crossings.Length < polygon.Length)
            {
                canvas._crossings = new float[polygon.Length * 2];
            }
        }

        public (int Start, int End) Current { get; private set; }

        public readonly Spans GetEnumerator() => this;

        public bool MoveNext()
        {
            while (true)
            {
                while (_next + 1 < _count)
                {
                    // A sub-pixel belongs to the run if its centre does.
                    float[] crossings = _canvas._crossings;
                    int start = (int)Math.Clamp(MathF.Ceiling((crossings[_next] * Samples) - 0.5f), 0f, _canvas._columns);
                    int end = (int)Math.Clamp(MathF.Ceiling((crossings[_next + 1] * Samples) - 0.5f), 0f, _canvas._columns);
                    _next += 2;
                    if (start < end)
                    {
                        Current = ((_row * _canvas._columns) + start, (_row * _canvas._columns) + end);
                        return true;
                    }
                }

                if (_row >= _lastRow)
                {
                    return false;
                }

                _row++;
                _next = 0;
                _count = FindCrossings((_row + 0.5f) / Samples);
            }
        }

        private readonly int FindCrossings(float y)
        {
            float[] crossings = _canvas._crossings;
            int count = 0;
            Vector2 a = _polygon[^1];
            foreach (Vector2 b in _polygon)
            {
                if ((a.Y <= y) != (b.Y <= y))
                {
                    crossings[count++] = a.X + ((y - a.Y) / (b.Y - a.Y) * (b.X - a.X));
                }

                a = b;
            }

            crossings.AsSpan(0, count).Sort();
            return count;
        }
    }
}
