using System.Numerics;

namespace SegNeXt.Data;

/// <summary>The rows of buildings on both sides of the street.</summary>
internal static class BuildingPainter
{
    private const float Depth = 12f;

    private static readonly Vector3[] s_walls =
    [
        new(0.72f, 0.42f, 0.33f), new(0.62f, 0.36f, 0.28f), new(0.84f, 0.77f, 0.64f), new(0.80f, 0.70f, 0.52f), new(0.86f, 0.84f, 0.80f),
        new(0.62f, 0.62f, 0.62f), new(0.74f, 0.56f, 0.44f), new(0.66f, 0.70f, 0.74f), new(0.82f, 0.66f, 0.58f), new(0.56f, 0.50f, 0.44f),
    ];

    private static readonly Vector3[] s_roofs = [new(0.52f, 0.26f, 0.20f), new(0.36f, 0.34f, 0.36f), new(0.44f, 0.32f, 0.26f), new(0.60f, 0.36f, 0.26f)];

    /// <summary>One plot of a row.</summary>
    /// <param name="Side">−1 left, 1 right.</param>
    /// <param name="Near">Where it begins, in metres ahead.</param>
    /// <param name="Far">Where it ends.</param>
    /// <param name="Height">Height of the walls; 0 for a garden.</param>
    public readonly record struct Plot(float Side, float Near, float Far, float Height);

    /// <summary>Divides both sides of the street into plots.</summary>
    public static List<Plot> Divide(Scene scene)
    {
        List<Plot> plots = [];
        foreach (float side in (ReadOnlySpan<float>)[-1f, 1f])
        {
            float usual = scene.Uniform(6.5, 17);
            double gardens = scene.Pick(0.08, 0.15, 0.35);
            for (float z = scene.Uniform(-40, -28); z < StreetPlan.Length * 0.8f;)
            {
                float length = scene.Uniform(8, 17);
                if (scene.Plan.IsCrossing(z, z + length))
                {
                    if (scene.Plan.CrossingStart - z > 5f)
                    {
                        length = scene.Plan.CrossingStart - z;
                    }
                    else
                    {
                        z = scene.Plan.CrossingEnd + 0.01f;
                        continue;
                    }
                }

                float height = scene.Random.NextBool(gardens) ? 0f : Math.Max(5f, usual + scene.Uniform(-4, 4));
                plots.Add(new Plot(side, z, z + length, height));
                z += length;
            }
        }

        plots.Sort((a, b) => b.Near.CompareTo(a.Near));
        return plots;
    }

    /// <summary>Marks the ground that lies in a building's shadow.</summary>
    public static void Shadow(Scene scene, Plot plot)
    {
        float x = plot.Side * scene.Plan.Front;
        Vector3 near = new(x, plot.Height, plot.Near);
        Vector3 far = new(x, plot.Height, plot.Far);
        scene.Shadow([near with { Y = 0 }, scene.OnGround(near), scene.OnGround(far), far with { Y = 0 }]);
    }

    /// <summary>Paints one building.</summary>
    public static void Paint(Scene scene, Plot plot)
    {
        float x = plot.Side * scene.Plan.Front;
        Vector3 wall = scene.Vary(scene.Pick<Vector3>(s_walls), 0.14f);
        bool gable = plot.Height < 9f && scene.Random.NextBool(0.8);
        Vector3 outward = new(plot.Side, 0, 0);
        Facade end = new(new(x, 0, plot.Near), outward, Depth, plot.Height, -Vector3.UnitZ);
        Facade front = new(new(x, 0, plot.Near), Vector3.UnitZ, plot.Far - plot.Near, plot.Height, -outward);

        if (gable)
        {
            PaintRoof(scene, plot, x, outward, wall);
        }

        scene.Face(end.Rectangle(0, Depth, 0, plot.Height), wall * 0.92f, end.Normal, StreetClass.Building);
        PaintWall(scene, front, wall);
        if (plot.Near < 70f)
        {
            WindowPainter.PaintFloors(scene, front, wall);
            WindowPainter.PaintEnd(scene, end, wall);
        }

        if (!gable)
        {
            // A cornice stands out from the wall a little.
            Vector3 stone = Vector3.Lerp(wall, Vector3.One, 0.35f);
            scene.Face(end.Rectangle(-0.25f, Depth, plot.Height - 0.45f, plot.Height, 0.25f), stone, end.Normal, StreetClass.Building);
            scene.Face(front.Rectangle(-0.25f, front.Length, plot.Height - 0.45f, plot.Height, 0.25f), stone, front.Normal, StreetClass.Building);
        }
    }

    /// <summary>A wall along the street, in stretches so that each has the haze of its distance.</summary>
    private static void PaintWall(Scene scene, Facade front, Vector3 wall)
    {
        const int Stretches = 3;
        for (int i = 0; i < Stretches; i++)
        {
            float left = front.Length * i / Stretches;
            float right = front.Length * (i + 1) / Stretches;
            scene.Face(front.Rectangle(left, right, 0, front.Height), wall, front.Normal, StreetClass.Building);
        }

        scene.Face(front.Rectangle(0, front.Length, 0, 0.7f), wall * 0.72f, front.Normal, StreetClass.Building);
    }

    private static void PaintRoof(Scene scene, Plot plot, float x, Vector3 outward, Vector3 wall)
    {
        Vector3 tiles = scene.Vary(scene.Pick<Vector3>(s_roofs), 0.12f);
        float rise = scene.Uniform(2.4, 3.8);
        Vector3 eave = new(x - (plot.Side * 0.4f), plot.Height - 0.2f, plot.Near - 0.3f);
        Vector3 ridge = new(x + (plot.Side * Depth * 0.5f), plot.Height + rise, plot.Near - 0.3f);
        Vector3 back = new(x + (plot.Side * Depth), plot.Height, plot.Near);
        Vector3 length = new(0, 0, plot.Far - plot.Near + 0.3f);
        scene.Face([eave, ridge, back], wall * 0.9f, -Vector3.UnitZ, StreetClass.Building);

        // Seen from the street only where it leans away less than the line of sight climbs.
        Vector3 slope = Vector3.Normalize((-outward * rise) + (Vector3.UnitY * Depth * 0.5f));
        if (Vector3.Dot(slope, scene.Camera.Position - eave) > 0)
        {
            scene.Face([eave, ridge, ridge + length, eave + length], tiles, slope, StreetClass.Building);
        }

        Vector3 edge = Vector3.UnitY * 0.28f;
        scene.Face([eave, ridge, ridge - edge, eave - edge], tiles * 0.8f, -Vector3.UnitZ, StreetClass.Building);
        scene.Face([eave, eave + length, eave + length - edge, eave - edge], tiles * 0.7f, -outward, StreetClass.Building);
    }
}
