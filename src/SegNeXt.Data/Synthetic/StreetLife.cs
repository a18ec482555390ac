using System.Numerics;

namespace SegNeXt.Data;

/// <summary>Places all that stands or moves in the street, and paints it from far to near, shadows first.</summary>
internal static class StreetLife
{
    /// <summary>A thing between the fronts of the houses: how far it is, and how it is painted.</summary>
    private readonly record struct Thing(float Z, Action Paint, Action Shadow);

    /// <summary>Populates and paints the street of a scene.</summary>
    public static void Paint(Scene scene)
    {
        List<BuildingPainter.Plot> plots = BuildingPainter.Divide(scene);
        List<Thing> gardens = [];
        List<Thing> things = [];
        PlaceGardens(scene, plots, gardens);
        PlaceCars(scene, things);
        PlaceTreesAndPoles(scene, things);
        PlaceSigns(scene, things);
        PlacePeople(scene, things);

        foreach (Thing thing in things.Concat(gardens))
        {
            thing.Shadow();
        }

        if (scene.Light.HasShadows)
        {
            foreach (BuildingPainter.Plot plot in plots.Where(plot => plot.Height > 0))
            {
                BuildingPainter.Shadow(scene, plot);
            }

            // In shadow only the sky's light is left.
            Vector3 lit = scene.Light.Shade(Vector3.One, Vector3.UnitY);
            scene.Canvas.ShadeMarks(Vector3.Lerp(scene.Light.Ambient / lit, Vector3.One, 0.12f));
        }
        else
        {
            scene.Canvas.ShadeMarks(new Vector3(0.62f));
        }

        // Houses and gardens lie outside the street, so that nothing in the street is ever hidden by them.
        IEnumerable<Thing> behind = plots.Where(plot => plot.Height > 0)
            .Select(plot => new Thing(plot.Near + 0.5f, () => BuildingPainter.Paint(scene, plot), NoShadow))
            .Concat(gardens);
        foreach (Thing thing in behind.OrderByDescending(thing => thing.Z).Concat(things.OrderByDescending(thing => thing.Z)))
        {
            thing.Paint();
        }
    }

    private static void NoShadow()
    {
    }

    private static Thing TreeAt(Scene scene, Vector3 foot)
    {
        TreePainter.Tree tree = TreePainter.Draw(scene, foot);
        return new Thing(foot.Z, () => TreePainter.Paint(scene, tree), scene.Light.HasShadows ? () => TreePainter.Shadow(scene, tree) : NoShadow);
    }

    private static void PlaceGardens(Scene scene, List<BuildingPainter.Plot> plots, List<Thing> gardens)
    {
        foreach (BuildingPainter.Plot plot in plots.Where(plot => plot.Height == 0))
        {
            float front = plot.Side * scene.Plan.Front;
            for (float z = plot.Near + 2f; z < plot.Far; z += scene.Uniform(2, 4))
            {
                for (int row = 0; row < 3; row++)
                {
                    gardens.Add(TreeAt(scene, new Vector3(front + (plot.Side * ((row * 4f) + scene.Uniform(2, 5))), 0, z + scene.Uniform(-1, 1))));
                }
            }

            float height = scene.Uniform(0.7, 1.6);
            gardens.Add(new Thing(plot.Near + 0.2f, () => TreePainter.PaintHedge(scene, front + (plot.Side * 0.7f), plot.Near, plot.Far, height), NoShadow));
        }
    }

    private static void PlaceCars(Scene scene, List<Thing> things)
    {
        StreetPlan plan = scene.Plan;
        void Add(float x, float z, Vector2 heading, CarShape shape)
        {
            CarPainter.Car car = new(new Vector3(x, 0, z), heading, shape);
            things.Add(new Thing(z, () => CarPainter.Paint(scene, car), () => CarPainter.Shadow(scene, car)));
        }

        if (plan.Parking > 0)
        {
            foreach (float side in (ReadOnlySpan<float>)[-1f, 1f])
            {
                double density = scene.Uniform(0.15, 0.6);
                for (float z = scene.Uniform(4.5, 9); z < 110f; z += scene.Uniform(5.4, 6.6))
                {
                    if (scene.Random.NextBool(density) && !plan.IsCrossing(z - 5f, z + 4f))
                    {
                        Add(side * (plan.Kerb - (plan.Parking / 2)), z, new Vector2(0, side), scene.Pick<CarShape>(CarShape.All));
                    }
                }
            }
        }

        for (int lane = 0; lane < plan.Lanes; lane++)
        {
            float x = (lane + 0.5f) * plan.LaneWidth;
            for (float z = scene.Uniform(8, 36); z < 150f; z += scene.Uniform(9, 40))
            {
                Add(x + scene.Uniform(-0.3, 0.3), z, Vector2.UnitY, scene.Pick<CarShape>(CarShape.All));
            }

            for (float z = scene.Uniform(6, 30); z < 150f; z += scene.Uniform(10, 45))
            {
                Add(-x + scene.Uniform(-0.3, 0.3), z, -Vector2.UnitY, scene.Pick<CarShape>(CarShape.All));
            }
        }

        if (float.IsFinite(plan.CrossingStart) && scene.Random.NextBool(0.6))
        {
            bool right = scene.Random.NextBool();
            float z = plan.CrossingStart + ((plan.CrossingEnd - plan.CrossingStart) * (right ? 0.27f : 0.73f));
            Add(scene.Uniform(-plan.Front, plan.Front), z, new Vector2(right ? 1f : -1f, 0), scene.Pick<CarShape>(CarShape.All));
        }
    }

    private static void PlaceTreesAndPoles(Scene scene, List<Thing> things)
    {
        StreetPlan plan = scene.Plan;
        bool avenue = scene.Random.NextBool(0.5);
        float spacing = scene.Uniform(14, 24);
        foreach (float side in (ReadOnlySpan<float>)[-1f, 1f])
        {
            float x = side * (plan.Kerb + 0.55f);
            float height = scene.Uniform(5, 7);
            float reach = -side * scene.Uniform(1.2, 2.2);
            for (float z = scene.Uniform(4.5, 14); z < 90f; z += spacing)
            {
                if (plan.IsCrossing(z - 1f, z + 1f))
                {
                    continue;
                }

                Vector3 foot = new(x, StreetPlan.KerbHeight, z);
                things.Add(new Thing(z, () => PolePainter.PaintLamp(scene, foot, height, reach), scene.Light.HasShadows ? () => PolePainter.Shadow(scene, foot, height) : NoShadow));
            }

            for (float z = scene.Uniform(8, 20); avenue && z < 120f; z += scene.Uniform(9, 16))
            {
                if (!plan.IsCrossing(z - 2f, z + 2f))
                {
                    things.Add(TreeAt(scene, new Vector3(x + (side * 0.3f), StreetPlan.KerbHeight, z)));
                }
            }
        }
    }

    private static void PlaceSigns(Scene scene, List<Thing> things)
    {
        int count = scene.Random.NextInt(3, 6);
        for (int i = 0; i < count; i++)
        {
            float side = scene.Random.NextBool() ? 1f : -1f;
            float z = scene.Uniform(5.5, 8.5) + (i * scene.Uniform(2, 5));
            if (!scene.Plan.IsCrossing(z - 1f, z + 1f))
            {
                Vector3 foot = new(side * (scene.Plan.Kerb + scene.Uniform(0.5, 1.0)), StreetPlan.KerbHeight, z);
                things.Add(new Thing(z, () => SignPainter.Paint(scene, foot), scene.Light.HasShadows ? () => PolePainter.Shadow(scene, foot, 2.6f) : NoShadow));
            }
        }
    }

    private static void PlacePeople(Scene scene, List<Thing> things)
    {
        StreetPlan plan = scene.Plan;
        int count = scene.Random.NextInt(5, 12);
        for (int i = 0; i < count; i++)
        {
            float side = scene.Random.NextBool() ? 1f : -1f;
            bool onRoad = scene.Random.NextBool(0.2);
            float x = onRoad ? scene.Uniform(-plan.Kerb, plan.Kerb) : side * scene.Uniform(plan.Kerb + 0.7f, plan.Front - 0.6f);
            float z = onRoad ? scene.Uniform(6.5, 22) : 4.6f + (18f * MathF.Pow(scene.Uniform(0, 1), 1.6f));
            int together = scene.Random.NextBool(0.3) ? 2 : 1;
            for (int n = 0; n < together; n++)
            {
                Vector3 foot = new(x + (n * 0.6f), onRoad || plan.IsCrossing(z, z) ? 0f : StreetPlan.KerbHeight, z + (n * 0.2f));
                float height = scene.Uniform(1.58, 1.9);
                things.Add(new Thing(foot.Z, () => PersonPainter.Paint(scene, foot, height), scene.Light.HasShadows ? () => PersonPainter.Shadow(scene, foot, height) : NoShadow));
            }
        }
    }
}
