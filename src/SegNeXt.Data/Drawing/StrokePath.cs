using System.Globalization;

namespace SegNeXt.Data;

/// <summary>One straight piece of a glyph, in units of the font; a dot if both ends are the same.</summary>
internal readonly record struct Stroke(float X0, float Y0, float X1, float Y1, bool IsLine)
{
    /// <summary>Whether it is a dot.</summary>
    public bool IsDot => X0 == X1 && Y0 == Y1;
}

/// <summary>Reads the path language of <see cref="StrokeFont"/>.</summary>
internal static class StrokePath
{
    /// <summary>Straight pieces of a full ellipse; a chord then departs from it by less than a quarter of a percent.</summary>
    private const int PiecesOfEllipse = 48;

    private const int PiecesOfCurve = 10;

    /// <summary>The path as straight pieces.</summary>
    public static List<Stroke> Parse(string path)
    {
        List<Stroke> strokes = [];
        ReadOnlySpan<char> rest = path;
        Span<float> n = stackalloc float[6];
        (float X, float Y)? pen = null;
        while (!(rest = rest.TrimStart()).IsEmpty)
        {
            char command = rest[0];
            rest = rest[1..];
            for (int i = 0; i < CountNumbers(command); i++)
            {
                n[i] = ReadNumber(ref rest);
            }

            switch (command)
            {
                case 'm':
                    pen = (n[0], n[1]);
                    break;
                case 'l':
                    pen = To(strokes, pen, n[0], n[1], isLine: true);
                    break;
                case 'q':
                    (float x, float y) = pen ?? throw new FormatException(path);
                    for (int i = 1; i <= PiecesOfCurve; i++)
                    {
                        float t = (float)i / PiecesOfCurve;
                        float u = 1 - t;
                        pen = To(strokes, pen, u * u * x + 2 * u * t * n[0] + t * t * n[2], u * u * y + 2 * u * t * n[1] + t * t * n[3], isLine: false);
                    }

                    break;
                case 'a':
                    pen = Arc(strokes, pen, n[..6]);
                    break;
                case 'o':
                    Arc(strokes, null, [n[0], n[1], n[2], n[3], 0, 360]);
                    pen = null;
                    break;
                case 'd':
                    strokes.Add(new Stroke(n[0], n[1], n[0], n[1], IsLine: false));
                    pen = null;
                    break;
            }
        }

        return strokes;
    }

    private static (float X, float Y)? Arc(List<Stroke> strokes, (float X, float Y)? pen, ReadOnlySpan<float> n)
    {
        int pieces = Math.Max(4, (int)(MathF.Abs(n[5] - n[4]) / 360 * PiecesOfEllipse));
        for (int i = 0; i <= pieces; i++)
        {
            (float sin, float cos) = MathF.SinCos((n[4] + (n[5] - n[4]) * i / pieces) * MathF.PI / 180);
            pen = To(strokes, pen, n[0] + n[2] * cos, n[1] + n[3] * sin, isLine: false);
        }

        return pen;
    }

    private static (float X, float Y)? To(List<Stroke> strokes, (float X, float Y)? pen, float x, float y, bool isLine)
    {
        if (pen is { } from && (from.X != x || from.Y != y))
        {
            strokes.Add(new Stroke(from.X, from.Y, x, y, isLine));
        }

        return (x, y);
    }

    private static int CountNumbers(char command) => command switch
    {
        'm' or 'l' or 'd' => 2,
        'q' or 'o' => 4,
        'a' => 6,
        _ => throw new FormatException($"'{command}' is no command of the path language."),
    };

    private static float ReadNumber(ref ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        int length = text.IndexOf(' ');
        ReadOnlySpan<char> number = length < 0 ? text : text[..length];
        text = text[number.Length..];
        return float.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
