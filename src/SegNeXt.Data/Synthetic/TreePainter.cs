using System.Numerics;

namespace SegNeXt.Data;

/// <summary>Trees and hedges: many small leafy patches, darker below and lighter towards the light.</summary>
internal static class TreePainter
{
    private static readonly Vector3[] s_greens =
        [new(0.30f, 0.46f, 0.17f), new(0.24f, 0.40f, 0.18f), new(0.40f, 0.50f, 0.18f), new(0.22f, 0.36f, 0.22f), new(0.56f, 0.42f, 0.15f)];

    /// <summary>A tree: where it stands, how high, and how wide its crown.</summary>
    /// <param name="Foot">Where the trunk meets the ground.</param>
    /// <param name="Height">Metres to the top.</param>
    /// <param name="Radius">Of the crown, in metres.</param>
    public readonly record struct Tree(Vector3 Foot, float Height, float Radius);

    /// <summary>Draws the measures of a tree.</summary>
    public static Tree Draw(Scene scene, Vector3 foot) => new(foot, scene.Uniform(5, 10), scene.Uniform(1.5, 2.8));

    /// <summary>Marks the ground in its shadow.</summary>
    public static void Shadow(Scene scene, Tree tree)
    {
        Vector3 centre = scene.OnGround(tree.Foot + (Vector3.UnitY * tree.Height * 0.65f));
        float stretch = 1f / scene.Light.ToSun.Y;
        Vector2 away = Vector2.Normalize(new Vector2(scene.Light.ToSun.X, scene.Light.ToSun.Z));
        Span<Vector3> outline = stackalloc Vector3[18];
        for (int i = 0; i < outline.Length; i++)
        {
            (float sin, float cos) = MathF.SinCos(i * MathF.Tau / outline.Length);
            float r = tree.Radius * scene.Uniform(0.8, 1.1);
            outline[i] = centre + new Vector3(
                (away.X * cos * r * stretch) - (away.Y * sin * r), 0, (away.Y * cos * r * stretch) + (away.X * sin * r));
        }

        scene.Shadow(outline);
        Vector3 side = new(0.16f, 0, 0);
        scene.Shadow([tree.Foot - side, tree.Foot + side, centre + side, centre - side]);
    }

    /// <summary>Paints a tree.</summary>
    public static void Paint(Scene scene, Tree tree)
    {
        Vector3 bark = scene.Light.Shade(scene.Vary(new Vector3(0.34f, 0.27f, 0.21f), 0.2f), -Vector3.UnitZ);
        float trunk = 0.05f * tree.Radius + 0.08f;
        Vector3 top = tree.Foot + (Vector3.UnitY * tree.Height * 0.6f);
        ReadOnlySpan<Vector3> stem =
        [
            tree.Foot - new Vector3(trunk * 1.3f, 0, 0), tree.Foot + new Vector3(trunk * 1.3f, 0, 0),
            top + new Vector3(trunk * 0.6f, 0, 0), top - new Vector3(trunk * 0.6f, 0, 0),
        ];
        scene.Flat(stem, bark, StreetClass.Vegetation);

        Vector3 green = scene.Vary(scene.Pick<Vector3>(s_greens), 0.12f);
        float half = (tree.Height - 2.2f) / 2f;
        Vector3 centre = tree.Foot + (Vector3.UnitY * (tree.Height - half));
        bool pointed = scene.Random.NextBool(0.25);
        int patches = (int)Math.Clamp(scene.Camera.ScaleAt(tree.Foot.Z) * 9f, 30f, 420f);
        float leaf = Math.Clamp(2.6f / MathF.Sqrt(patches), 0.15f, 0.36f);
        for (int i = 0; i < patches; i++)
        {
            float depth = 1f - ((float)i / patches);
            (float sin, float cos) = MathF.SinCos(scene.Uniform(0, MathF.Tau));
            float r = MathF.Sqrt(scene.Uniform(0, 1));
            float up = r * sin;
            float width = pointed ? 0.75f * (1f - (0.75f * ((up + 1f) / 2f))) + 0.1f : 1f;
            Vector3 at = centre + new Vector3(r * cos * tree.Radius * width, up * half, -depth * 0.1f);
            Leaves(scene, at, tree.Radius * scene.Uniform(0.5, 1.0) * leaf, green, r * cos, up, depth);
        }
    }

    /// <summary>A row of bushes along a plot.</summary>
    public static void PaintHedge(Scene scene, float x, float near, float far, float height)
    {
        Vector3 green = scene.Vary(scene.Pick<Vector3>(s_greens.AsSpan(0, 4)), 0.12f);
        for (float z = far; z > near; z -= Math.Max(0.35f, z * 0.03f))
        {
            if (z < Camera.Near)
            {
                break;
            }

            for (int i = 0; i < 5; i++)
            {
                float up = scene.Uniform(0, 1);
                Vector3 at = new(x + scene.Uniform(-0.5, 0.5), up * height, z);
                Leaves(scene, at, scene.Uniform(0.3, 0.5), green, scene.Uniform(-1, 1), (up * 2f) - 1f, 0.2f);
            }
        }
    }

    private static void Leaves(Scene scene, Vector3 at, float radius, Vector3 green, float right, float up, float depth)
    {
        if (at.Z < Camera.Near)
        {
            return;
        }

        Vector3 normal = Vector3.Normalize(new Vector3(right, up + 0.3f, -0.8f));
        Vector3 colour = scene.Light.Shade(scene.Vary(green, 0.16f), normal) * (0.72f + (0.22f * up) + (0.25f * (1f - depth)));
        Span<Vector3> outline = stackalloc Vector3[8];
        for (int i = 0; i < outline.Length; i++)
        {
            (float sin, float cos) = MathF.SinCos(i * MathF.Tau / outline.Length);
            float r = radius * scene.Uniform(0.55, 1.2);
            outline[i] = at + new Vector3(cos * r, sin * r, 0);
        }

        scene.Flat(outline, colour, StreetClass.Vegetation);
    }
}
