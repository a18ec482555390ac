using System.Numerics;

namespace SegNeXt.Data;

/// <summary>Traffic signs and traffic lights; the post beneath is the pole painter's.</summary>
internal static class SignPainter
{
    private static readonly Vector3 s_red = new(0.80f, 0.10f, 0.12f);
    private static readonly Vector3 s_blue = new(0.08f, 0.28f, 0.66f);
    private static readonly Vector3 s_white = new(0.94f, 0.94f, 0.93f);
    private static readonly Vector3 s_black = new(0.10f, 0.10f, 0.11f);
    private static readonly Vector3 s_yellow = new(0.96f, 0.80f, 0.14f);

    /// <summary>Paints a sign or traffic light on a post.</summary>
    public static void Paint(Scene scene, Vector3 foot)
    {
        float height = scene.Uniform(2.3, 3.0);
        float radius = scene.Uniform(0.48, 0.62);
        PolePainter.PaintPost(scene, foot, height, 0.07f);
        Vector3 centre = foot + new Vector3(0, height, -0.05f);
        switch (scene.Random.NextInt(0, 7))
        {
            case 0: // prohibition
                Disc(scene, centre, radius, s_red);
                Disc(scene, centre, radius * 0.74f, s_white);
                if (scene.Random.NextBool())
                {
                    Box(scene, centre, radius * 0.34f, radius * 0.3f, s_black);
                }

                break;
            case 1: // warning
                Regular(scene, centre, radius * 1.25f, 3, MathF.PI / 2, s_red);
                Regular(scene, centre, radius * 0.82f, 3, MathF.PI / 2, s_white);
                Box(scene, centre, radius * 0.07f, radius * 0.28f, s_black);
                break;
            case 2: // mandatory
                Disc(scene, centre, radius * 1.02f, s_white);
                Disc(scene, centre, radius * 0.94f, s_blue);
                Box(scene, centre, radius * 0.12f, radius * 0.5f, s_white);
                break;
            case 3: // stop
                Regular(scene, centre, radius * 1.08f, 8, MathF.PI / 8, s_white);
                Regular(scene, centre, radius, 8, MathF.PI / 8, s_red);
                Box(scene, centre, radius * 0.62f, radius * 0.16f, s_white);
                break;
            case 4: // no entry
                Disc(scene, centre, radius, s_red);
                Box(scene, centre, radius * 0.68f, radius * 0.18f, s_white);
                break;
            case 5: // priority or parking
                bool priority = scene.Random.NextBool();
                Regular(scene, centre, radius * 1.1f, 4, priority ? 0f : MathF.PI / 4, s_white);
                Regular(scene, centre, radius * (priority ? 0.8f : 1.0f), 4, priority ? 0f : MathF.PI / 4, priority ? s_yellow : s_blue);
                break;
            default:
                PaintLights(scene, centre);
                break;
        }
    }

    private static void PaintLights(Scene scene, Vector3 centre)
    {
        Box(scene, centre, 0.30f, 0.72f, s_white * 0.9f);
        Box(scene, centre, 0.26f, 0.68f, s_black);
        ReadOnlySpan<Vector3> lamps = [new(1.0f, 0.20f, 0.15f), new(1.0f, 0.75f, 0.15f), new(0.25f, 0.95f, 0.45f)];
        int on = scene.Pick(0, 2, 2, 1);
        for (int i = 0; i < 3; i++)
        {
            Vector3 at = centre + (Vector3.UnitY * (0.42f - (0.42f * i)));
            if (i == on)
            {
                Glow(scene, at, 0.17f, lamps[i]);
            }
            else
            {
                Disc(scene, at, 0.17f, lamps[i] * 0.22f);
            }
        }
    }

    private static void Glow(Scene scene, Vector3 centre, float radius, Vector3 colour)
    {
        Span<Vector3> points = stackalloc Vector3[12];
        Outline(points, centre, radius, 0f);
        scene.Flat(points, colour, StreetClass.Sign);
    }

    private static void Disc(Scene scene, Vector3 centre, float radius, Vector3 albedo) => Regular(scene, centre, radius, 18, 0f, albedo);

    private static void Regular(Scene scene, Vector3 centre, float radius, int corners, float turn, Vector3 albedo)
    {
        Span<Vector3> points = stackalloc Vector3[corners];
        Outline(points, centre, radius, turn);
        Fill(scene, points, albedo);
    }

    private static void Box(Scene scene, Vector3 centre, float halfWidth, float halfHeight, Vector3 albedo) => Fill(
        scene,
        [
            centre + new Vector3(-halfWidth, -halfHeight, 0), centre + new Vector3(halfWidth, -halfHeight, 0),
            centre + new Vector3(halfWidth, halfHeight, 0), centre + new Vector3(-halfWidth, halfHeight, 0),
        ],
        albedo);

    private static void Outline(Span<Vector3> points, Vector3 centre, float radius, float turn)
    {
        for (int i = 0; i < points.Length; i++)
        {
            (float sin, float cos) = MathF.SinCos(turn + (i * MathF.Tau / points.Length));
            points[i] = centre + new Vector3(cos * radius, sin * radius, 0);
        }
    }

    private static void Fill(Scene scene, ReadOnlySpan<Vector3> points, Vector3 albedo) =>
        scene.Face(points, albedo, Vector3.Normalize(new Vector3(0, 0.35f, -1f)), StreetClass.Sign);
}
