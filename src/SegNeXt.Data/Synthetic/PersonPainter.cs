using System.Numerics;

namespace SegNeXt.Data;

/// <summary>People who walk or stand: figures of rounded limbs that face the camera.</summary>
internal static class PersonPainter
{
    private static readonly Vector3[] s_tops =
    [
        new(0.70f, 0.15f, 0.15f), new(0.15f, 0.25f, 0.55f), new(0.85f, 0.80f, 0.70f), new(0.12f, 0.12f, 0.14f), new(0.20f, 0.45f, 0.35f),
        new(0.85f, 0.60f, 0.15f), new(0.45f, 0.20f, 0.45f), new(0.55f, 0.56f, 0.60f), new(0.90f, 0.45f, 0.35f),
    ];

    private static readonly Vector3[] s_trousers = [new(0.14f, 0.17f, 0.28f), new(0.10f, 0.10f, 0.11f), new(0.42f, 0.36f, 0.28f), new(0.30f, 0.32f, 0.35f)];
    private static readonly Vector3[] s_skins = [new(0.86f, 0.66f, 0.54f), new(0.74f, 0.53f, 0.40f), new(0.52f, 0.35f, 0.25f), new(0.36f, 0.24f, 0.18f)];
    private static readonly Vector3[] s_hairs = [new(0.10f, 0.08f, 0.07f), new(0.28f, 0.18f, 0.11f), new(0.62f, 0.46f, 0.26f), new(0.55f, 0.54f, 0.53f)];

    /// <summary>Marks the ground in a person's shadow.</summary>
    public static void Shadow(Scene scene, Vector3 foot, float height)
    {
        Vector3 head = scene.OnGround(foot + (Vector3.UnitY * height));
        Vector3 across = new(0.2f, 0, 0);
        scene.Shadow([foot - across, foot + across, head + (across * 0.7f), head - (across * 0.7f)]);
    }

    /// <summary>Paints a person.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="foot">Where they stand.</param>
    /// <param name="height">Metres.</param>
    public static void Paint(Scene scene, Vector3 foot, float height)
    {
        Figure figure = new(scene, foot, height / 1.75f);
        Vector3 top = scene.Vary(scene.Pick<Vector3>(s_tops), 0.15f);
        Vector3 trousers = scene.Vary(scene.Pick<Vector3>(s_trousers), 0.2f);
        Vector3 skin = scene.Vary(scene.Pick<Vector3>(s_skins), 0.08f);
        Vector3 hair = scene.Pick<Vector3>(s_hairs);
        float stride = scene.Uniform(-0.24, 0.24);
        float swing = scene.Uniform(0.08, 0.2);
        bool skirt = scene.Random.NextBool(0.25);
        bool coat = scene.Random.NextBool(0.35);

        // The farther leg and arm, then trunk and head, then the nearer ones.
        figure.Limb(new(-0.08f, 0.86f), new(-0.09f - (stride * 0.5f), 0.46f), 0.095f, trousers * 0.75f);
        figure.Limb(new(-0.09f - (stride * 0.5f), 0.46f), new(-0.09f - stride, 0.09f), 0.075f, (skirt ? skin : trousers) * 0.75f);
        figure.Limb(new(-0.20f, 1.38f), new(-0.27f - (swing * 0.4f), 1.08f), 0.065f, top * 0.75f);
        figure.Limb(new(-0.27f - (swing * 0.4f), 1.08f), new(-0.25f - swing, 0.84f), 0.055f, top * 0.7f);
        figure.Limb(new(0.08f, 0.86f), new(0.09f + (stride * 0.5f), 0.46f), 0.095f, trousers);
        figure.Limb(new(0.09f + (stride * 0.5f), 0.46f), new(0.09f + stride, 0.09f), 0.075f, skirt ? skin : trousers);
        foreach (float x in (ReadOnlySpan<float>)[-0.09f - stride, 0.09f + stride])
        {
            figure.Limb(new(x - 0.03f, 0.05f), new(x + 0.06f, 0.05f), 0.05f, new Vector3(0.12f, 0.10f, 0.09f));
        }

        float hem = coat ? 0.62f : 0.88f;
        if (skirt)
        {
            figure.Shape([new(-0.14f, 0.98f), new(0.14f, 0.98f), new(0.23f, 0.52f), new(-0.23f, 0.52f)], trousers);
        }

        figure.Shape([new(-0.17f, hem), new(0.17f, hem), new(0.17f, 1.1f), new(0.23f, 1.36f), new(0.13f, 1.46f), new(-0.13f, 1.46f), new(-0.23f, 1.36f), new(-0.17f, 1.1f)], top);
        figure.Limb(new(0, 1.44f), new(0, 1.52f), 0.055f, skin * 0.85f);
        figure.Limb(new(0, 1.58f), new(0, 1.66f), 0.10f, skin);
        figure.Limb(new(0, 1.68f), new(0, 1.69f), 0.105f, hair);
        if (scene.Random.NextBool(0.4))
        {
            // Seen from behind, or long hair.
            figure.Limb(new(0, 1.56f), new(0, 1.68f), 0.10f, hair);
        }

        figure.Limb(new(0.20f, 1.38f), new(0.27f + (swing * 0.3f), 1.08f), 0.068f, top * 0.92f);
        figure.Limb(new(0.27f + (swing * 0.3f), 1.08f), new(0.24f + swing, 0.84f), 0.056f, top * 0.88f);
        figure.Limb(new(0.24f + swing, 0.82f), new(0.24f + swing, 0.80f), 0.05f, skin);
        if (scene.Random.NextBool(0.3))
        {
            Vector3 bag = scene.Vary(scene.Pick<Vector3>(s_tops), 0.2f) * 0.8f;
            figure.Shape([new(0.16f + swing, 0.78f), new(0.34f + swing, 0.78f), new(0.36f + swing, 0.5f), new(0.14f + swing, 0.5f)], bag);
        }
    }

    /// <summary>An upright plane through a person, in metres of a person of 1.75 m.</summary>
    private readonly struct Figure(Scene scene, Vector3 foot, float scale)
    {
        /// <summary>A rounded stroke from one joint to the next.</summary>
        public void Limb(Vector2 from, Vector2 to, float radius, Vector3 albedo)
        {
            const int Round = 6;
            Vector2 along = to - from;
            float angle = MathF.Atan2(along.Y, along.X);
            Span<Vector3> points = stackalloc Vector3[2 * Round];
            for (int i = 0; i < Round; i++)
            {
                float turn = angle + (MathF.PI / 2) + (i * MathF.PI / (Round - 1));
                points[i] = At(from + (new Vector2(MathF.Cos(turn), MathF.Sin(turn)) * radius));
                points[i + Round] = At(to - (new Vector2(MathF.Cos(turn), MathF.Sin(turn)) * radius));
            }

            Fill(points, albedo);
        }

        /// <summary>A filled outline.</summary>
        public void Shape(ReadOnlySpan<Vector2> outline, Vector3 albedo)
        {
            Span<Vector3> points = stackalloc Vector3[outline.Length];
            for (int i = 0; i < outline.Length; i++)
            {
                points[i] = At(outline[i]);
            }

            Fill(points, albedo);
        }

        private void Fill(ReadOnlySpan<Vector3> points, Vector3 albedo)
        {
            // Round bodies catch some sun whatever its side.
            Vector3 normal = Vector3.Normalize(new Vector3(0.3f * MathF.Sign(scene.Light.ToSun.X), 0.3f, -0.9f));
            scene.Face(points, albedo, normal, StreetClass.Person);
        }

        private Vector3 At(Vector2 p) => foot + new Vector3(p.X * scale, p.Y * scale, 0);
    }
}
