namespace SegNeXt.Data;

/// <summary>
/// The program's own sans-serif font, as the strokes of a pen: capitals 14 units high, small letters 10, descenders 4,
/// with the baseline at 0 and y upwards. Being strokes and not pixels, it is drawn sharp at any size.
/// </summary>
/// <remarks>
/// Path language, numbers separated by spaces: <c>m x y</c> lifts the pen and goes there, <c>l x y</c> draws a line,
/// <c>q cx cy x y</c> a quadratic curve, <c>a cx cy rx ry from to</c> an arc of an ellipse by two angles in degrees
/// (a line leads to its start if the pen is down), <c>o cx cy rx ry</c> an ellipse, <c>d x y</c> a dot.
/// </remarks>
internal static class StrokeFont
{
    /// <summary>Height of capitals, in units.</summary>
    public const float CapHeight = 14;

    /// <summary>Height of small letters.</summary>
    public const float XHeight = 10;

    /// <summary>Depth of descenders.</summary>
    public const float Descent = 4;

    /// <summary>Units in the nominal size.</summary>
    public const float UnitsPerSize = 20;

    /// <summary>What stands for a character that the font does not have.</summary>
    private const string Missing = "m0 0 l0 14 l7 14 l7 0 l0 0";

    private static readonly Dictionary<char, string> s_paths = Read();

    /// <summary>The path of a character; a box for an unknown one.</summary>
    public static string Path(char character) => s_paths.GetValueOrDefault(character, Missing);

    /// <summary>Whether the font has a character of its own for it.</summary>
    public static bool Has(char character) => character == ' ' || s_paths.ContainsKey(character);

    private static Dictionary<char, string> Read()
    {
        Dictionary<char, string> paths = [];
        foreach (string line in (Plain + Signs).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            paths.Add(line[0], line[2..]);
        }

        // Space is empty; the others look like a character that is there.
        paths[' '] = "";
        foreach ((char same, char other) in ((char, char)[])[('\u00A0', ' '), ('\u00AD', '-'), ('‐', '-'), ('‑', '-'), ('−', '–'), ('’', '\''), ('‘', '\''), ('“', '"'), ('”', '"')])
        {
            paths[same] = paths[other];
        }

        foreach (string composed in Accented.Split(' '))
        {
            (string path, bool raise) = (paths[composed[1]], char.IsUpper(composed[1]));
            paths[composed[0]] = path + ' ' + Accent(composed[2], Width(path) / 2, raise ? 4 : 0, composed[1]);
        }

        return paths;
    }

    /// <summary>A mark above or below a letter whose middle is at <paramref name="x"/>, raised over capitals.</summary>
    private static string Accent(char mark, float x, float up, char letter)
    {
        float y = 12.2f + up;
        return mark switch
        {
            '`' => FormattableString.Invariant($"m{x - 2} {y + 2.6f} l{x + 0.6f} {y}"),
            '\'' => FormattableString.Invariant($"m{x + 2} {y + 2.6f} l{x - 0.6f} {y}"),
            '^' => FormattableString.Invariant($"m{x - 2.4f} {y} l{x} {y + 2.6f} l{x + 2.4f} {y}"),
            '~' => FormattableString.Invariant($"m{x - 3} {y + 0.3f} q{x - 1.5f} {y + 3} {x} {y + 1.2f} q{x + 1.5f} {y - 0.6f} {x + 3} {y + 2.1f}"),
            ':' => FormattableString.Invariant($"d{x - 2.2f} {y + 1} d{x + 2.2f} {y + 1}"),
            '*' => FormattableString.Invariant($"o{x} {y + 1.6f} 1.8 1.8"),
            _ => FormattableString.Invariant($"m{x + (letter == 'c' ? 0.2f : 0)} 0 l{x - 0.4f} -1.4 q{x + 2} -1.6 {x + 1.4f} -3 q{x + 0.6f} -4.2 {x - 1.6f} -3.6"),
        };
    }

    private static float Width(string path) => StrokePath.Parse(path).Max(stroke => Math.Max(stroke.X0, stroke.X1));

    /// <summary>Letters, digits and signs of ASCII: the character, a space, its path.</summary>
    private const string Plain = """
        A m0 0 l5.5 14 l11 0 m2 5 l9 5
        B m0 7.4 l0 14 l4.6 14 a4.6 10.7 3.7 3.3 90 -90 l0 7.4 l0 0 l5 0 a5 3.7 4.2 3.7 -90 90 l0 7.4
        C a5.8 7 5.8 7 42 318
        D m0 0 l0 14 l4 14 a4 7 6.4 7 90 -90 l0 0
        E m8 14 l0 14 l0 0 l8 0 m0 7.4 l7 7.4
        F m8 14 l0 14 l0 0 m0 7 l7 7
        G a5.8 7 5.8 7 42 320 l10.24 6.6 l6.2 6.6
        H m0 0 l0 14 m10 0 l10 14 m0 7.4 l10 7.4
        I m0 0 l0 14
        J m6 14 l6 3.6 a3 3.6 3 3.6 0 -155
        K m0 0 l0 14 m9 14 l0 5.2 m3 8.1 l9.4 0
        L m0 14 l0 0 l7.6 0
        M m0 0 l0 14 l6.2 4 l12.4 14 l12.4 0
        N m0 0 l0 14 l10 0 l10 14
        O o6 7 6 7
        P m0 0 l0 14 l4.8 14 a4.8 10.2 4.2 3.8 90 -90 l0 6.4
        Q o6 7 6 7 m7.4 3.4 l11.4 -1
        R m0 0 l0 14 l4.8 14 a4.8 10.2 4.2 3.8 90 -90 l0 6.4 m4.8 6.4 l9.2 0
        S a4.6 10.5 4.1 3.5 28 225 q2.6 7.6 4.6 7 q6.6 6.4 7.7 5.9 a4.6 3.6 4.4 3.6 42 -152
        T m0 14 l10 14 m5 14 l5 0
        U m0 14 l0 4.8 a4.9 4.8 4.9 4.8 180 360 l9.8 14
        V m0 14 l5.4 0 l10.8 14
        W m0 14 l3.7 0 l7.4 13 l11.1 0 l14.8 14
        X m0 0 l9.6 14 m0 14 l9.6 0
        Y m0 14 l5 6.6 l10 14 m5 6.6 l5 0
        Z m0 14 l9 14 l0 0 l9 0
        a a3.8 6.8 3.6 3.2 155 0 l7.4 0 m7.4 5.8 l3.1 5.8 a3.1 2.9 3.1 2.9 90 270 l4 0 q6.8 0 7.4 2.8
        b m0 14 l0 0 o4.1 5 4.1 5
        c a4.1 5 4.1 5 45 315
        d m8.2 14 l8.2 0 o4.1 5 4.1 5
        e m0 5.2 l8.2 5.2 a4.1 5 4.1 5 2 312
        f a5 11 2.6 3 65 180 l2.4 0 m0 10 l5.6 10
        g o4.1 5 4.1 5 m8.2 10 l8.2 0 a4.2 0 4 4 0 -150
        h m0 14 l0 0 m0 6.2 a3.9 6.2 3.9 3.8 180 0 l7.8 0
        i m0 10 l0 0 d0 13.6
        j m2.4 10 l2.4 -1.6 a0 -1.6 2.4 2.4 0 -90 d2.4 13.6
        k m0 14 l0 0 m7 10 l0 3.6 m2.6 6 l7.4 0
        l m0 14 l0 2.2 q0 0 2.2 0
        m m0 10 l0 0 m0 6.8 a3.1 6.8 3.1 3.2 180 0 l6.2 0 m6.2 6.8 a9.3 6.8 3.1 3.2 180 0 l12.4 0
        n m0 10 l0 0 m0 6.2 a3.9 6.2 3.9 3.8 180 0 l7.8 0
        o o4.3 5 4.3 5
        p m0 10 l0 -4 o4.1 5 4.1 5
        q m8.2 10 l8.2 -4 o4.1 5 4.1 5
        r m0 10 l0 0 m0 5.6 a3.8 5.6 3.8 4.4 180 70
        s a3.6 7.4 3.2 2.6 28 225 q2 5.5 3.6 5.1 q5.2 4.7 6.1 4.3 a3.6 2.5 3.5 2.5 45 -150
        t m2.4 13 l2.4 2.6 a5 2.6 2.6 2.6 180 270 l5.8 0 m0 10 l5.6 10
        u m0 10 l0 3.8 a3.9 3.8 3.9 3.8 180 360 m7.8 10 l7.8 0
        v m0 10 l4 0 l8 10
        w m0 10 l2.9 0 l5.9 9 l8.9 0 l11.8 10
        x m0 0 l7.4 10 m0 10 l7.4 0
        y m0 10 l4.1 0 m8.2 10 l3.7 -1.4 q2.8 -4 0.4 -4
        z m0 10 l7 10 l0 0 l7 0
        0 o4 7 4 7
        1 m1 11.2 l4.6 14 l4.6 0
        2 a4 10.1 3.8 3.9 165 -35 l0.2 0 l8 0
        3 a3.8 10.6 3.5 3.4 152 -90 l2.6 7.2 m3.8 7.2 a3.8 3.6 4.1 3.6 90 -152
        4 m6.2 0 l6.2 14 l0 4 l8.4 4
        5 m7.2 14 l1.2 14 l0.7 7.4 a3.8 4.6 4.1 4.6 138 -150
        6 o4 4.5 4 4.5 m0.02 5 q0.4 11 6 14
        7 m0 14 l8 14 l2.8 0
        8 o4 10.6 3.4 3.4 o4 3.6 4 3.6
        9 o4 9.5 4 4.5 m7.98 9 q7.6 3 2 0
        ! m0 14 l0 4.8 d0 0
        " m0 14 l0 10 m3 14 l3 10
        # m1.8 0 l4.2 14 m6 0 l8.4 14 m0.4 4.6 l9.4 4.6 m0.8 9.4 l9.8 9.4
        $ a4.6 9.9 4 3.1 28 225 q2.6 7.4 4.6 7 q6.6 6.6 7.5 6 a4.6 4 4.3 3 42 -152 m4.6 15.6 l4.6 -1.6
        % o2.6 10.9 2.6 3.1 o10.2 3.1 2.6 3.1 m10 14 l2.8 0
        & m9.8 0 l2 9.7 a4 11.4 2.6 2.6 220 -40 l2.4 7 a3.8 3.6 3.8 3.6 115 300 q8.4 1.8 9.2 5.6
        ' m0 14 l0 10
        ( m3.4 15.6 q0 11 0 6 q0 1 3.4 -3.6
        ) m0 15.6 q3.4 11 3.4 6 q3.4 1 0 -3.6
        * m3 14 l3 8 m0.4 12.5 l5.6 9.5 m0.4 9.5 l5.6 12.5
        + m0 5.6 l8 5.6 m4 1.6 l4 9.6
        , m0.9 0 l0 -2.8
        - m0 5.4 l4.6 5.4
        . d0 0
        / m0 -2 l6 15
        : d0 0 d0 8.6
        ; m0.9 0 l0 -2.8 d0.7 8.6
        < m7.5 10 l0 5.6 l7.5 1.2
        = m0 7.6 l8 7.6 m0 3.6 l8 3.6
        > m0 10 l7.5 5.6 l0 1.2
        ? a3.6 10.5 3.5 3.5 165 -45 q3.6 6.4 3.6 4.4 d3.6 0
        @ a6.5 5 6.5 7 300 0 q13 1.8 11 1.8 q9.3 1.8 9.3 4 l9.3 8.4 o6.4 5.2 2.9 3.2
        [ m3 15.6 l0 15.6 l0 -3.6 l3 -3.6
        \ m0 15 l6 -2
        ] m0 15.6 l3 15.6 l3 -3.6 l0 -3.6
        ^ m0 9 l3.5 14 l7 9
        _ m0 -3 l8 -3
        ` m0 14.8 l2.4 12.2
        { m3.6 15.6 q1.6 15.6 1.6 13.6 l1.6 8.4 q1.6 6 0 6 q1.6 6 1.6 3.6 l1.6 -1.6 q1.6 -3.6 3.6 -3.6
        | m0 16 l0 -4
        } m0 15.6 q2 15.6 2 13.6 l2 8.4 q2 6 3.6 6 q2 6 2 3.6 l2 -1.6 q2 -3.6 0 -3.6
        ~ m0 4.6 q2 8 4.2 5.8 q6.4 3.4 8.4 6.8

        """;

    /// <summary>Signs and letters of Latin-1 that are no letter with a mark, and a few of typography.</summary>
    private const string Signs = """
        ¡ d0 10 m0 5.2 l0 -4
        ¢ a4.1 5 4.1 5 45 315 m4.1 12 l4.1 -2
        £ a5.4 10.6 3.2 3.4 40 180 l2.2 2.4 q2.2 0 0 0 l8.4 0 m0 6.4 l6.4 6.4
        ¥ m0 14 l5 6.6 l10 14 m5 6.6 l5 0 m1.6 6.2 l8.4 6.2 m1.6 3.2 l8.4 3.2
        ¤ o4 6 2.6 2.6 m0.4 9.6 l2.1 7.9 m7.6 9.6 l5.9 7.9 m0.4 2.4 l2.1 4.1 m7.6 2.4 l5.9 4.1
        ¦ m0 16 l0 8 m0 4 l0 -4
        § a3.6 11.6 2.9 2.4 25 225 l5.9 7 a3.9 5.2 2.7 2.6 45 -45 m1.2 8.6 a3 7 2.4 2.4 135 245 l5.8 3.2 a3.4 1 3.2 2.8 40 -155
        ¨ d0 13.2 d4.4 13.2
        © o7 7 7 7 a7 7 3.4 3.6 45 315
        ª a2.6 11.9 2.4 2.1 155 0 l5 8 m5 11 l2 11 a2 9.5 2 1.5 90 270 q5 8 5 9.8
        « m3.4 8.6 l0 5.2 l3.4 1.8 m7 8.6 l3.6 5.2 l7 1.8
        ¬ m0 7 l8 7 l8 3.4
        ® o7 7 7 7 m5 3.6 l5 10.6 l7.4 10.6 a7.4 8.9 2 1.7 90 -90 l5 7.2 m7.2 7.2 l9.4 3.6
        ¯ m0 13.4 l5 13.4
        ° o2.4 11.6 2.4 2.4
        ± m0 7.6 l8 7.6 m4 3.6 l4 11.6 m0 0.6 l8 0.6
        ² a2.2 11.8 2 2.2 165 -35 l0 6.4 l4.4 6.4
        ³ a2.1 12.2 1.9 1.8 152 -90 m2.1 10.4 a2.1 8.4 2.3 2 90 -152
        ´ m2.4 14.8 l0 12.2
        µ m0 10 l0 -4 m0 3.8 a3.9 3.8 3.9 3.8 180 360 m7.8 10 l7.8 0
        ¶ m8 -2 l8 14 l3.6 14 a3.6 10.6 3.6 3.4 90 270 l4.6 7.2 m4.6 14 l4.6 -2
        · d0 5.6
        ¸ m1.6 0 l1.2 -1.4 q3.6 -1.6 3 -3 q2.2 -4.2 0 -3.6
        ¹ m0.4 12.4 l2.4 14 l2.4 6.4
        º o2.6 11 2.6 3
        » m0 8.6 l3.4 5.2 l0 1.8 m3.6 8.6 l7 5.2 l3.6 1.8
        ¼ m0.4 12.4 l2.2 14 l2.2 7.6 m10.4 14 l2.6 0 m11 0 l11 6.4 l7.8 2 l12.2 2
        ½ m0.4 12.4 l2.2 14 l2.2 7.6 m10.4 14 l2.6 0 a10 4.6 1.9 1.9 165 -35 l8 0 l12 0
        ¾ a1.9 12.5 1.8 1.5 152 -90 m1.9 11 a1.9 9.3 2.1 1.7 90 -152 m10.8 14 l3 0 m11 0 l11 6.4 l7.8 2 l12.2 2
        ¿ d3.6 10 m3.6 5.6 q3.6 3.6 2.2 2.4 a3.6 -0.4 3.5 3.6 125 345
        Æ m0 0 l6.4 14 l14 14 m7 14 l7 0 l14 0 m7 7.4 l13 7.4 m2.3 5 l7 5
        Ð m0 0 l0 14 l4 14 a4 7 6.4 7 90 -90 l0 0 m-1.6 7.2 l4.6 7.2
        × m0.6 2.2 l7.4 9 m0.6 9 l7.4 2.2
        Ø o6 7 6 7 m1 -0.4 l11 14.4
        Þ m0 0 l0 14 m0 11 l4.8 11 a4.8 7.3 4.2 3.7 90 -90 l0 3.6
        ß m0 0 l0 10.4 a3.6 10.4 3.6 3.6 180 -70 q4 6.9 5 6.6 a4.4 3.4 3.8 3.4 75 -115
        æ a3.4 6.8 3.2 3.2 155 0 l6.6 5.8 l3 5.8 a3 2.9 3 2.9 90 270 l3.4 0 q6.6 0 6.6 4 m6.6 5.2 l13.6 5.2 a10.1 5 3.5 5 2 312 m6.6 6.8 a10.1 5 3.5 5 178 220
        ð o4.1 4.6 4.1 4.6 m8.2 4.6 q8.2 10.6 2.4 14 m1.4 10.6 l6.6 13.4
        ÷ m0 5.6 l8 5.6 d4 9.4 d4 1.8
        ø o4.3 5 4.3 5 m0.6 -0.6 l8 10.6
        þ m0 14 l0 -4 o4.1 5 4.1 5
        – m0 5.4 l8 5.4
        — m0 5.4 l14 5.4
        … d0 0 d4.6 0 d9.2 0
        • d0.6 5.6
        → m0 5.6 l10 5.6 m6.6 9 l10 5.6 l6.6 2.2
        ≥ m0 11 l7.5 7.2 l0 3.4 m0 0.4 l7.5 0.4
        ≤ m7.5 11 l0 7.2 l7.5 3.4 m0 0.4 l7.5 0.4
        ı m0 10 l0 0

        """;

    /// <summary>Letters with a mark: the letter, what it is made of, the mark (<c>,</c> is the cedilla, <c>:</c> two dots).</summary>
    private const string Accented =
        "ÀA` ÁA' ÂA^ ÃA~ ÄA: ÅA* ÇC, ÈE` ÉE' ÊE^ ËE: ÌI` ÍI' ÎI^ ÏI: ÑN~ ÒO` ÓO' ÔO^ ÕO~ ÖO: ÙU` ÚU' ÛU^ ÜU: ÝY' " +
        "àa` áa' âa^ ãa~ äa: åa* çc, èe` ée' êe^ ëe: ìı` íı' îı^ ïı: ñn~ òo` óo' ôo^ õo~ öo: ùu` úu' ûu^ üu: ýy' ÿy:";
}
