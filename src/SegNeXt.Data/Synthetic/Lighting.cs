using System.Numerics;

namespace SegNeXt.Data;

/// <summary>Time of day and weather: what colours the light gives to surfaces.</summary>
internal sealed record Lighting
{
    /// <summary>Sky overhead.</summary>
    public required Vector3 SkyTop { get; init; }

    /// <summary>Sky at the horizon.</summary>
    public required Vector3 SkyHorizon { get; init; }

    /// <summary>Sunlit side of the clouds.</summary>
    public required Vector3 Cloud { get; init; }

    /// <summary>Share of the sky under clouds, 0 to 1.</summary>
    public required float Clouds { get; init; }

    /// <summary>Light of the sky on every surface.</summary>
    public required Vector3 Ambient { get; init; }

    /// <summary>Light of the sun on a surface that faces it.</summary>
    public required Vector3 Sun { get; init; }

    /// <summary>Unit vector towards the sun.</summary>
    public required Vector3 ToSun { get; init; }

    /// <summary>What the air far away looks like.</summary>
    public required Vector3 Haze { get; init; }

    /// <summary>Distance at which the air hides 63 % of a thing, in metres.</summary>
    public required float HazeDistance { get; init; }

    /// <summary>Share of windows with light behind them.</summary>
    public required float LitWindows { get; init; }

    /// <summary>Whether things cast shadows with an edge.</summary>
    public required bool HasShadows { get; init; }

    /// <summary>Draws a time of day and weather.</summary>
    public static Lighting Draw(ref SampleRandom random)
    {
        double kind = random.NextDouble();
        return kind < 0.5 ? Day(ref random) : kind < 0.78 ? Overcast(ref random) : Dusk(ref random);
    }

    /// <summary>The colour of a surface in this light.</summary>
    /// <param name="albedo">Its own colour.</param>
    /// <param name="normal">Unit vector away from the surface.</param>
    public Vector3 Shade(Vector3 albedo, Vector3 normal)
    {
        float sky = 0.82f + (0.18f * normal.Y);
        return albedo * ((Ambient * sky) + (Sun * Math.Max(0f, Vector3.Dot(normal, ToSun))));
    }

    /// <summary>A colour seen through the air.</summary>
    public Vector3 Through(Vector3 colour, float distance) =>
        Vector3.Lerp(Haze, colour, MathF.Exp(-Math.Max(0f, distance) / HazeDistance));

    private static Lighting Day(ref SampleRandom random)
    {
        float warm = (float)random.NextDouble(-0.03, 0.05);
        Vector3 horizon = new(0.74f + warm, 0.85f, 0.94f - warm);
        return new Lighting
        {
            SkyTop = new Vector3(0.24f, 0.46f, 0.80f) + new Vector3((float)random.NextDouble(-0.05, 0.10)),
            SkyHorizon = horizon,
            Cloud = new Vector3(0.98f, 0.98f, 0.97f),
            Clouds = (float)random.NextDouble(0.1, 0.6),
            Ambient = new Vector3(0.57f, 0.60f, 0.66f),
            Sun = new Vector3(0.70f + warm, 0.66f, 0.58f - warm),
            ToSun = SunAt(random.NextDouble(0.55, 1.0), ref random),
            Haze = horizon * 0.97f,
            HazeDistance = (float)random.NextDouble(180, 400),
            LitWindows = 0.02f,
            HasShadows = true,
        };
    }

    private static Lighting Overcast(ref SampleRandom random)
    {
        float level = (float)random.NextDouble(0.72, 0.9);
        Vector3 horizon = new Vector3(0.95f, 0.97f, 1.0f) * level;
        return new Lighting
        {
            SkyTop = horizon * 0.84f,
            SkyHorizon = horizon,
            Cloud = horizon * 0.74f,
            Clouds = (float)random.NextDouble(0.5, 0.9),
            Ambient = new Vector3(0.80f, 0.82f, 0.85f) * (level + 0.08f),
            Sun = new Vector3(0.10f, 0.10f, 0.10f),
            ToSun = SunAt(0.9, ref random),
            Haze = horizon * 0.95f,
            HazeDistance = (float)random.NextDouble(70, 200),
            LitWindows = 0.10f,
            HasShadows = false,
        };
    }

    private static Lighting Dusk(ref SampleRandom random)
    {
        float glow = (float)random.NextDouble(0.75, 1.0);
        Vector3 horizon = new Vector3(0.98f, 0.66f, 0.44f) * glow;
        return new Lighting
        {
            SkyTop = new Vector3(0.24f, 0.30f, 0.52f),
            SkyHorizon = horizon,
            Cloud = new Vector3(0.93f, 0.58f, 0.50f) * glow,
            Clouds = (float)random.NextDouble(0.2, 0.6),
            Ambient = new Vector3(0.52f, 0.48f, 0.54f),
            Sun = new Vector3(0.62f, 0.38f, 0.20f) * glow,
            ToSun = SunAt(random.NextDouble(0.28, 0.45), ref random),
            Haze = horizon * 0.85f,
            HazeDistance = (float)random.NextDouble(120, 260),
            LitWindows = 0.35f,
            HasShadows = true,
        };
    }

    /// <summary>A sun at a height (its sine), to one side of the street and not straight ahead.</summary>
    private static Vector3 SunAt(double sine, ref SampleRandom random)
    {
        float side = random.NextBool() ? 1f : -1f;
        Vector2 flat = Vector2.Normalize(new Vector2(side, (float)random.NextDouble(-0.9, 0.5)));
        float cosine = MathF.Sqrt((float)(1 - (sine * sine)));
        return new Vector3(flat.X * cosine, (float)sine, flat.Y * cosine);
    }
}
