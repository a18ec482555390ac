using System.Numerics;

namespace SegNeXt.Data;

/// <summary>Everything that lies flat: road with its marks, kerbs, pavements, and the grass behind.</summary>
internal static class GroundPainter
{
    private const float Far = StreetPlan.Length * 4f;
    private const float WideX = 400f;

    /// <summary>Paints the ground up to the horizon.</summary>
    public static void Paint(Scene scene)
    {
        StreetPlan plan = scene.Plan;
        uint seed = (uint)scene.Random.NextInt(0, 1 << 20);
        GroundPaint grass = new(scene, scene.Vary(new Vector3(0.33f, 0.42f, 0.20f), 0.12f), 0f, seed, GroundPattern.Grass);
        GroundPaint asphalt = new(scene, scene.Vary(new Vector3(0.42f, 0.415f, 0.40f), 0.18f), 0f, seed + 9, GroundPattern.Asphalt);
        Vector3 stone = scene.Vary(scene.Pick(new Vector3(0.66f, 0.63f, 0.59f), new Vector3(0.70f, 0.60f, 0.52f), new Vector3(0.60f, 0.61f, 0.63f)), 0.1f);
        GroundPaint slabs = new(scene, stone, StreetPlan.KerbHeight, seed + 17, GroundPattern.Slabs);

        scene.Painted(Strip(-WideX, WideX, 0.5f, Far, 0f), grass, StreetClass.Vegetation);
        scene.Painted(Strip(-plan.Kerb, plan.Kerb, 0.5f, Far, 0f), asphalt, StreetClass.Road);
        if (plan.CrossingStart < Far)
        {
            scene.Painted(Strip(-WideX, WideX, plan.CrossingStart, plan.CrossingEnd, 0f), asphalt, StreetClass.Road);
        }

        PaintMarks(scene);
        foreach (float side in (ReadOnlySpan<float>)[-1f, 1f])
        {
            float end = Math.Min(plan.CrossingStart, Far);
            PaintPavement(scene, side, 0.5f, end, slabs, stone);
            if (plan.CrossingEnd < Far)
            {
                PaintPavement(scene, side, plan.CrossingEnd, Far, slabs, stone);
            }
        }
    }

    /// <summary>A flat rectangle, from the left to the right and from near to far.</summary>
    public static Vector3[] Strip(float left, float right, float near, float far, float height) =>
        [new(left, height, near), new(right, height, near), new(right, height, far), new(left, height, far)];

    private static void PaintPavement(Scene scene, float side, float near, float far, Paint slabs, Vector3 stone)
    {
        float kerb = side * scene.Plan.Kerb;
        float front = side * scene.Plan.Front;
        scene.Painted(Strip(kerb, front, near, far, StreetPlan.KerbHeight), slabs, StreetClass.Pavement);

        // The kerb in stretches, so that each has the haze of its distance.
        for (float z = near; z < Math.Min(far, StreetPlan.Length); z += 6f + (z * 0.5f))
        {
            float end = Math.Min(far, z + 6f + (z * 0.5f));
            ReadOnlySpan<Vector3> face =
                [new(kerb, 0, z), new(kerb, StreetPlan.KerbHeight, z), new(kerb, StreetPlan.KerbHeight, end), new(kerb, 0, end)];
            scene.Face(face, stone * 0.72f, new Vector3(-side, 0, 0), StreetClass.Pavement);
            scene.Face(Strip(kerb, kerb + (side * 0.22f), z, end, StreetPlan.KerbHeight), stone * 1.12f, Vector3.UnitY, StreetClass.Pavement);
        }
    }

    private static void PaintMarks(Scene scene)
    {
        StreetPlan plan = scene.Plan;
        Vector3 white = scene.Light.Shade(new Vector3(0.86f), Vector3.UnitY) * scene.Uniform(0.8, 1.0);
        bool solid = scene.Random.NextBool(0.25);
        float width = 0.09f;
        for (int lane = 1 - plan.Lanes; lane < plan.Lanes; lane++)
        {
            float x = lane * plan.LaneWidth;
            float phase = scene.Uniform(0, 6);
            for (float z = -phase; z < 150f; z += 6f)
            {
                float end = z + (lane == 0 && solid ? 6f : 3f);
                Mark(scene, x - width, x + width, z, end, white);
            }
        }

        if (plan.Parking > 0 && scene.Random.NextBool(0.6))
        {
            float x = plan.Kerb - plan.Parking;
            for (float z = 0f; z < 120f; z += 6f)
            {
                Mark(scene, x - 0.06f, x + 0.06f, z, z + 6f, white);
                Mark(scene, -x - 0.06f, -x + 0.06f, z, z + 6f, white);
            }
        }

        bool zebra = float.IsFinite(plan.CrossingStart) && scene.Random.NextBool(0.8);
        float at = zebra ? plan.CrossingStart - 4.5f : scene.Uniform(8, 30);
        if (zebra || scene.Random.NextBool(0.25))
        {
            for (float x = -plan.Kerb + 0.4f; x < plan.Kerb - 0.4f; x += 1f)
            {
                Mark(scene, x, x + 0.5f, at, at + 3f, white, anywhere: true);
            }
        }
    }

    private static void Mark(Scene scene, float left, float right, float near, float far, Vector3 colour, bool anywhere = false)
    {
        if (far > Camera.Near && (anywhere || !scene.Plan.IsCrossing(near - 6f, far)))
        {
            scene.Flat(Strip(left, right, near, far, 0f), colour, StreetClass.Road, 0.82f);
        }
    }
}
