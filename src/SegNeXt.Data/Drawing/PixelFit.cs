namespace SegNeXt.Data;

/// <summary>
/// Moves one axis of a glyph so that the edges of its main strokes lie on edges of pixels, which keeps small text
/// sharp: a table of places in units and in pixels, linear between them.
/// </summary>
internal sealed class PixelFit
{
    /// <summary>Strokes nearer than this are one place.</summary>
    private const float Same = 0.05f;

    private readonly float[] _units;
    private readonly float[] _pixels;
    private readonly float _scale;

    private PixelFit(IEnumerable<(float Unit, float Pixel)> places, float scale)
    {
        (float Unit, float Pixel)[] sorted = [.. places.OrderBy(p => p.Unit)];
        _units = [.. sorted.Select(p => p.Unit)];
        _pixels = [.. sorted.Select(p => p.Pixel)];
        _scale = scale;
    }

    /// <summary>Fits the outer edges and the upright strokes.</summary>
    public static PixelFit Columns(List<Stroke> strokes, float scale, float pen)
    {
        List<float> places = [strokes.Min(s => Math.Min(s.X0, s.X1)), strokes.Max(s => Math.Max(s.X0, s.X1))];
        places.AddRange(strokes.Where(s => s.IsLine && s.X0 == s.X1).Select(s => s.X0));
        return new PixelFit(Distinct(places).Select(x => (x, MathF.Round(x * scale) + pen / 2)), scale);
    }

    /// <summary>Fits the baseline, the two heights, the depth, and the level strokes.</summary>
    public static PixelFit Rows(List<Stroke> strokes, float scale, float pen)
    {
        PixelFit lines = new(
            [
                (-StrokeFont.Descent, -MathF.Round(StrokeFont.Descent * scale) + pen / 2),
                (0, pen / 2),
                (StrokeFont.XHeight, MathF.Round(StrokeFont.XHeight * scale) - pen / 2),
                (StrokeFont.CapHeight, MathF.Round(StrokeFont.CapHeight * scale) - pen / 2),
            ],
            scale);
        IEnumerable<float> level = Distinct(strokes.Where(s => s.IsLine && s.Y0 == s.Y1).Select(s => s.Y0))
            .Where(y => lines._units.All(unit => MathF.Abs(unit - y) > Same));
        return new PixelFit(
            lines._units.Zip(lines._pixels).Concat(level.Select(y => (y, MathF.Round(lines.Map(y) - pen / 2) + pen / 2))),
            scale);
    }

    /// <summary>The place in pixels of a place in units.</summary>
    public float Map(float unit)
    {
        int upper = 0;
        while (upper < _units.Length && _units[upper] < unit)
        {
            upper++;
        }

        if (upper == _units.Length)
        {
            return _pixels[^1] + (unit - _units[^1]) * _scale;
        }

        if (upper == 0)
        {
            return _pixels[0] + (unit - _units[0]) * _scale;
        }

        float share = (unit - _units[upper - 1]) / (_units[upper] - _units[upper - 1]);
        return _pixels[upper - 1] + share * (_pixels[upper] - _pixels[upper - 1]);
    }

    private static List<float> Distinct(IEnumerable<float> places)
    {
        List<float> distinct = [];
        foreach (float place in places.Order())
        {
            if (distinct.Count == 0 || place - distinct[^1] > Same)
            {
                distinct.Add(place);
            }
        }

        return distinct;
    }
}
