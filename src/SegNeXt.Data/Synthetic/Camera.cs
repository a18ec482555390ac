using System.Numerics;

namespace SegNeXt.Data;

/// <summary>
/// A pinhole camera that looks straight along the street. World: X to the right, Y up from the road, Z ahead, in
/// metres; picture: pixels, y down.
/// </summary>
/// <param name="Position">Where it stands: X across the street, Y its height; Z is 0.</param>
/// <param name="Centre">The vanishing point, in pixels.</param>
/// <param name="Focal">Focal length, in pixels.</param>
internal sealed record Camera(Vector3 Position, Vector2 Centre, float Focal)
{
    /// <summary>Nothing nearer than this is drawn, in metres.</summary>
    public const float Near = 0.8f;

    /// <summary>Where a point ahead is seen.</summary>
    public Vector2 Project(Vector3 point)
    {
        Vector3 p = point - Position;
        return new Vector2(Centre.X + (Focal * p.X / p.Z), Centre.Y - (Focal * p.Y / p.Z));
    }

    /// <summary>Pixels per metre at a distance.</summary>
    public float ScaleAt(float z) => Focal / z;

    /// <summary>The point of a horizontal plane that is seen below the horizon.</summary>
    /// <param name="x">Column, in pixels.</param>
    /// <param name="y">Row, in pixels, below the vanishing point.</param>
    /// <param name="height">Height of the plane, in metres.</param>
    /// <returns>X and Z.</returns>
    public Vector2 OnPlane(float x, float y, float height)
    {
        float z = Focal * (Position.Y - height) / Math.Max(y - Centre.Y, 0.05f);
        return new Vector2(Position.X + ((x - Centre.X) * z / Focal), z);
    }
}
