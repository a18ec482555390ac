using System.Numerics;

namespace SegNeXt.Data;

/// <summary>What a stretch of ground is made of.</summary>
internal enum GroundPattern
{
    /// <summary>Grains, patches, and the darker tracks of wheels.</summary>
    Asphalt,

    /// <summary>Square slabs with joints.</summary>
    Slabs,

    /// <summary>Tufts.</summary>
    Grass,
}

/// <summary>A ground surface in perspective: each point of the picture is taken back to the plane.</summary>
internal sealed class GroundPaint : Paint
{
    private const float SlabSize = 0.75f;
    private readonly Scene _scene;
    private readonly Vector3 _lit;
    private readonly float _height;
    private readonly uint _seed;
    private readonly GroundPattern _pattern;

    /// <summary>Creates the paint of a horizontal plane.</summary>
    public GroundPaint(Scene scene, Vector3 albedo, float height, uint seed, GroundPattern pattern)
    {
        _scene = scene;
        _lit = scene.Light.Shade(albedo, Vector3.UnitY);
        _height = height;
        _seed = seed;
        _pattern = pattern;
    }

    /// <inheritdoc/>
    public override Vector3 At(float x, float y)
    {
        Vector2 p = _scene.Camera.OnPlane(x, y, _height);

        // What is finer than a pixel at this distance fades to its mean.
        float detail = Math.Clamp(1.3f - (p.Y / 22f), 0f, 1f);
        float patches = Noise.Value(p.X * 0.35f, p.Y * 0.22f, _seed) - 0.5f;
        float grain = detail > 0f ? (Noise.Value(p.X * 24f, p.Y * 12f, _seed + 1) - 0.5f) * detail : 0f;
        float tone = _pattern switch
        {
            GroundPattern.Asphalt => 1f + (0.13f * patches) + (0.20f * grain) - Tracks(p.X),
            GroundPattern.Slabs => 1f + (0.10f * patches) + (0.10f * grain) + Slabs(p, detail),
            _ => 1f + (0.40f * patches) + (0.55f * grain),
        };
        return _scene.Light.Through(_lit * tone, p.Y);
    }

    /// <summary>Wheels polish two bands of each lane.</summary>
    private float Tracks(float x)
    {
        float inLane = MathF.Abs(x % _scene.Plan.LaneWidth) - (_scene.Plan.LaneWidth * 0.5f);
        float off = (MathF.Abs(inLane) - 0.75f) / 0.3f;
        return 0.07f * MathF.Exp(-off * off);
    }

    private float Slabs(Vector2 p, float detail)
    {
        float u = p.X / SlabSize;
        float v = p.Y / SlabSize;
        float cellU = MathF.Floor(u);
        float cellV = MathF.Floor(v);
        float edge = Math.Min(Math.Min(u - cellU, cellU + 1f - u), Math.Min(v - cellV, cellV + 1f - v));
        float joint = edge < 0.03f + (0.004f * p.Y) ? -0.22f : 0f;
        return detail * (joint + (0.10f * (Noise.Hash((int)cellU, (int)cellV, _seed + 2) - 0.5f)));
    }
}
