using System.Numerics;

namespace SegNeXt.Data;

/// <summary>Parked and driving cars.</summary>
internal static class CarPainter
{
    private static readonly Vector3[] s_paints =
    [
        new(0.82f, 0.82f, 0.82f), new(0.62f, 0.64f, 0.66f), new(0.12f, 0.12f, 0.14f), new(0.30f, 0.32f, 0.36f), new(0.66f, 0.10f, 0.10f),
        new(0.12f, 0.22f, 0.48f), new(0.16f, 0.36f, 0.30f), new(0.74f, 0.62f, 0.22f), new(0.42f, 0.30f, 0.24f), new(0.30f, 0.50f, 0.68f),
    ];

    private static readonly Vector3 s_rubber = new(0.09f, 0.09f, 0.10f);

    /// <summary>A car in the street.</summary>
    /// <param name="Place">The middle of its footprint on the road.</param>
    /// <param name="Heading">Unit vector (X, Z) where its front points.</param>
    /// <param name="Shape">Its kind.</param>
    public readonly record struct Car(Vector3 Place, Vector2 Heading, CarShape Shape)
    {
        /// <summary>A point of the car in the world.</summary>
        /// <param name="along">Metres to the front.</param>
        /// <param name="up">Metres up.</param>
        /// <param name="across">Metres to its right.</param>
        public Vector3 At(float along, float up, float across) => Place + new Vector3(
            (Heading.X * along) + (Heading.Y * across), up, (Heading.Y * along) - (Heading.X * across));
    }

    /// <summary>Marks the road beneath and in the shadow.</summary>
    public static void Shadow(Scene scene, Car car)
    {
        float front = car.Shape.Outline[^1].X;
        float rear = car.Shape.Outline[0].X;
        float w = car.Shape.HalfWidth;
        scene.Shadow([car.At(rear, 0, -w), car.At(front, 0, -w), car.At(front, 0, w), car.At(rear, 0, w)]);
        if (scene.Light.HasShadows)
        {
            float roof = car.Shape.Outline[car.Shape.Cabin + 1].Y * 0.8f;
            foreach (float side in (ReadOnlySpan<float>)[-w, w])
            {
                scene.Shadow([car.At(rear, 0, side), car.At(front, 0, side), scene.OnGround(car.At(front * 0.6f, roof, side)), scene.OnGround(car.At(rear * 0.9f, roof, side))]);
            }

            scene.Shadow(
            [
                scene.OnGround(car.At(rear * 0.9f, roof, -w)), scene.OnGround(car.At(front * 0.6f, roof, -w)),
                scene.OnGround(car.At(front * 0.6f, roof, w)), scene.OnGround(car.At(rear * 0.9f, roof, w)),
            ]);
        }
    }

    /// <summary>Paints a car.</summary>
    public static void Paint(Scene scene, Car car)
    {
        Vector3 body = scene.Vary(scene.Pick<Vector3>(s_paints), 0.12f);
        Vector3 glass = Vector3.Lerp(new Vector3(0.10f, 0.12f, 0.15f), scene.Light.SkyHorizon, 0.18f);
        CarShape shape = car.Shape;
        Vector3 eye = scene.Camera.Position - car.Place;
        float across = Vector2.Dot(new Vector2(eye.X, eye.Z), new Vector2(car.Heading.Y, -car.Heading.X));
        float side = across >= 0 ? 1f : -1f;
        Vector3 sideNormal = Vector3.Normalize(car.At(0, 0, side) - car.Place);

        PaintWheelsFromBehind(scene, car);
        Vector2[] outline = shape.Outline;
        int start = Vector2.Dot(new Vector2(eye.X, eye.Z), car.Heading) >= 0 ? 0 : outline.Length - 2;
        int step = start == 0 ? 1 : -1;

        // The far end first: seen from one end, each part of the top is nearer than the one before.
        for (int n = 0, i = start; n < outline.Length - 1; n++, i += step)
        {
            Vector2 a = outline[i];
            Vector2 b = outline[i + 1];
            Vector2 edge = Vector2.Normalize(b - a);
            Vector3 normal = Vector3.Normalize(car.At(-edge.Y, edge.X, 0) - car.Place);
            if (Vector3.Dot(normal, scene.Camera.Position - car.At(a.X, a.Y, 0)) <= 0)
            {
                continue;
            }

            float wa = shape.HalfWidthAt(a.Y);
            float wb = shape.HalfWidthAt(b.Y);
            scene.Face([car.At(a.X, a.Y, -wa), car.At(b.X, b.Y, -wb), car.At(b.X, b.Y, wb), car.At(a.X, a.Y, wa)], body, normal, StreetClass.Car);
            if (i == shape.Cabin || i == shape.Cabin + 2)
            {
                Vector2 c = Vector2.Lerp(a, b, 0.1f);
                Vector2 d = Vector2.Lerp(a, b, 0.88f);
                scene.Flat([car.At(c.X, c.Y, 0.1f - wa), car.At(d.X, d.Y, 0.1f - wb), car.At(d.X, d.Y, wb - 0.1f), car.At(c.X, c.Y, wa - 0.1f)], glass, StreetClass.Car);
            }
        }

        if (MathF.Abs(across) > shape.HalfWidth)
        {
            PaintSide(scene, car, side, body, glass, sideNormal);
        }

        PaintEnd(scene, car, front: step < 0 ? -1f : 1f);
    }

    private static void PaintSide(Scene scene, Car car, float side, Vector3 body, Vector3 glass, Vector3 normal)
    {
        CarShape shape = car.Shape;
        Vector2[] outline = shape.Outline;
        Span<Vector3> points = stackalloc Vector3[outline.Length];
        for (int i = 0; i < outline.Length; i++)
        {
            points[i] = car.At(outline[i].X, outline[i].Y, side * shape.HalfWidthAt(outline[i].Y));
        }

        scene.Face(points, body, normal, StreetClass.Car);
        scene.Face([points[0], points[^1], car.At(outline[^1].X, 0.5f, side * shape.HalfWidth), car.At(outline[0].X, 0.5f, side * shape.HalfWidth)], body * 0.7f, normal, StreetClass.Car);

        // Side windows: the cabin drawn smaller, with a pillar.
        ReadOnlySpan<Vector2> cabin = outline.AsSpan(shape.Cabin, 4);
        Vector2 middle = (cabin[0] + cabin[1] + cabin[2] + cabin[3]) / 4f;
        Vector2 Inside(Vector2 p) => Vector2.Lerp(middle, p, 0.80f) + new Vector2(0, 0.02f);
        Vector3 OnSide(Vector2 p) => car.At(p.X, p.Y, side * shape.HalfWidthAt(p.Y));
        scene.Flat([OnSide(Inside(cabin[0])), OnSide(Inside(cabin[1])), OnSide(Inside(cabin[2])), OnSide(Inside(cabin[3]))], glass, StreetClass.Car);
        scene.Face(
            [OnSide(new(middle.X - 0.05f, cabin[0].Y)), OnSide(new(middle.X + 0.05f, cabin[0].Y)), OnSide(new(middle.X + 0.05f, cabin[1].Y)), OnSide(new(middle.X - 0.05f, cabin[1].Y))],
            body, normal, StreetClass.Car);

        foreach (float at in (ReadOnlySpan<float>)[-shape.Axle, shape.Axle])
        {
            float across = side * (shape.HalfWidth + 0.01f);
            Disc(scene, car, at, across, CarShape.Wheel + 0.06f, body * 0.25f, normal);
            Disc(scene, car, at, across, CarShape.Wheel, s_rubber, normal);
            Disc(scene, car, at, across, CarShape.Wheel * 0.6f, new Vector3(0.55f), normal);
            Disc(scene, car, at, across, CarShape.Wheel * 0.2f, new Vector3(0.25f), normal);
        }
    }

    private static void Disc(Scene scene, Car car, float along, float across, float radius, Vector3 albedo, Vector3 normal)
    {
        Span<Vector3> points = stackalloc Vector3[14];
        for (int i = 0; i < points.Length; i++)
        {
            (float sin, float cos) = MathF.SinCos(i * MathF.Tau / points.Length);
            points[i] = car.At(along + (cos * radius), CarShape.Wheel + (sin * radius), across);
        }

        scene.Face(points, albedo, normal, StreetClass.Car);
    }

    private static void PaintWheelsFromBehind(Scene scene, Car car)
    {
        CarShape shape = car.Shape;
        foreach (float at in (ReadOnlySpan<float>)[-shape.Axle - 0.2f, shape.Axle + 0.2f])
        {
            foreach (float s in (ReadOnlySpan<float>)[-1f, 1f])
            {
                float outer = s * (shape.HalfWidth - 0.02f);
                float inner = s * (shape.HalfWidth - 0.24f);
                scene.Face([car.At(at, 0, inner), car.At(at, 0, outer), car.At(at, 0.5f, outer), car.At(at, 0.5f, inner)], s_rubber, -Vector3.UnitZ, StreetClass.Car);
            }

            float w = shape.HalfWidth - 0.1f;
            scene.Flat([car.At(at, 0.2f, -w), car.At(at, 0.2f, w), car.At(at, 0.45f, w), car.At(at, 0.45f, -w)], new Vector3(0.03f), StreetClass.Car);
        }
    }

    /// <summary>Lamps, plate and bumper of the end that is seen.</summary>
    private static void PaintEnd(Scene scene, Car car, float front)
    {
        Vector2[] outline = car.Shape.Outline;
        int low = front > 0 ? outline.Length - 1 : 0;
        int high = front > 0 ? low - 1 : 1;
        Vector3 normal = Vector3.Normalize(car.At(front, 0, 0) - car.Place);
        if (Vector3.Dot(normal, scene.Camera.Position - car.At(outline[low].X, 0.5f, 0)) <= 0)
        {
            return;
        }

        float along = outline[high].X + (front * 0.02f);
        float top = outline[high].Y;
        float w = car.Shape.HalfWidth;
        Vector3[] Patch(float left, float right, float bottom, float above) =>
            [car.At(along, bottom, left), car.At(along, bottom, right), car.At(along, above, right), car.At(along, above, left)];
        scene.Face(Patch(-w, w, outline[low].Y, outline[low].Y + 0.12f), new Vector3(0.12f), normal, StreetClass.Car);
        scene.Face(Patch(-0.26f, 0.26f, top - 0.2f, top - 0.08f), new Vector3(0.88f, 0.88f, 0.82f), normal, StreetClass.Car);
        bool on = scene.Light.LitWindows > 0.2f || scene.Random.NextBool(0.3);
        Vector3 lamp = front > 0 ? new Vector3(0.95f, 0.93f, 0.82f) : new Vector3(0.70f, 0.06f, 0.05f);
        lamp = on ? lamp * 1.05f : scene.Light.Shade(lamp, normal);
        foreach (float s in (ReadOnlySpan<float>)[-1f, 1f])
        {
            scene.Flat(Patch(s * (w - 0.05f), s * (w - 0.36f), top - 0.06f, top + 0.1f), lamp, StreetClass.Car);
        }
    }
}
