using System.Numerics;

namespace SegNeXt.Data;

/// <summary>What the parts of a street scene share: canvas, camera, light, the plan of the street, and the random numbers.</summary>
internal sealed class Scene(Canvas canvas, Camera camera, Lighting light, StreetPlan plan, SampleRandom random)
{
    /// <summary>The numbers that everything in the scene is drawn from.</summary>
    public SampleRandom Random = random;

    private readonly Vector3[] _clipped = new Vector3[64];
    private readonly Vector2[] _projected = new Vector2[64];

    /// <summary>Where it is painted.</summary>
    public Canvas Canvas { get; } = canvas;

    /// <summary>From where it is seen.</summary>
    public Camera Camera { get; } = camera;

    /// <summary>The light.</summary>
    public Lighting Light { get; } = light;

    /// <summary>The street.</summary>
    public StreetPlan Plan { get; } = plan;

    /// <summary>A number uniform in a range.</summary>
    public float Uniform(double min, double max) => (float)Random.NextDouble(min, max);

    /// <summary>One of several.</summary>
    public T Pick<T>(params ReadOnlySpan<T> items) => items[Random.NextInt(0, items.Length)];

    /// <summary>A colour a little off the given one.</summary>
    public Vector3 Vary(Vector3 colour, float amount) =>
        colour * (1f + Uniform(-amount, amount)) + (new Vector3(Uniform(-1, 1), Uniform(-1, 1), Uniform(-1, 1)) * (amount * 0.15f));

    /// <summary>Fills a flat face of the world, lit and seen through the air.</summary>
    /// <param name="face">Its corners.</param>
    /// <param name="albedo">Its own colour.</param>
    /// <param name="normal">Unit vector away from it.</param>
    /// <param name="label">Class id.</param>
    public void Face(ReadOnlySpan<Vector3> face, Vector3 albedo, Vector3 normal, int label) =>
        Flat(face, Light.Shade(albedo, normal), label);

    /// <summary>Fills a flat face with a colour that is already lit.</summary>
    public void Flat(ReadOnlySpan<Vector3> face, Vector3 colour, int label, float alpha = 1f)
    {
        ReadOnlySpan<Vector2> seen = Project(face, out float distance);
        if (seen.Length >= 3)
        {
            Canvas.Fill(seen, Light.Through(colour, distance), label, alpha);
        }
    }

    /// <summary>Fills a flat face with a paint.</summary>
    public void Painted(ReadOnlySpan<Vector3> face, Paint paint, int label)
    {
        ReadOnlySpan<Vector2> seen = Project(face, out _);
        if (seen.Length >= 3)
        {
            Canvas.Fill(seen, paint, label);
        }
    }

    /// <summary>Marks a flat face as lying in shadow.</summary>
    public void Shadow(ReadOnlySpan<Vector3> face)
    {
        ReadOnlySpan<Vector2> seen = Project(face, out _);
        if (seen.Length >= 3)
        {
            Canvas.Mark(seen);
        }
    }

    /// <summary>Where the shadow of a point falls on the road.</summary>
    public Vector3 OnGround(Vector3 point) => point - (Light.ToSun * (point.Y / Light.ToSun.Y));

    /// <summary>Cuts a face at the nearest distance that is drawn, and projects the rest; none is left of a face behind it.</summary>
    private ReadOnlySpan<Vector2> Project(ReadOnlySpan<Vector3> face, out float distance)
    {
        int count = 0;
        distance = 0f;
        Vector3 a = face[^1];
        foreach (Vector3 b in face)
        {
            if ((a.Z >= Camera.Near) != (b.Z >= Camera.Near))
            {
                _clipped[count++] = Vector3.Lerp(a, b, (Camera.Near - a.Z) / (b.Z - a.Z));
            }

            if (b.Z >= Camera.Near)
            {
                _clipped[count++] = b;
            }

            a = b;
        }

        for (int i = 0; i < count; i++)
        {
            _projected[i] = Camera.Project(_clipped[i]);
            distance += _clipped[i].Z / count;
        }

        return _projected.AsSpan(0, count);
    }
}
