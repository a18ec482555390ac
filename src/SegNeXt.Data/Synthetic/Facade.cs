using System.Numerics;

namespace SegNeXt.Data;

/// <summary>A vertical wall in the world, addressed by metres along it and metres up.</summary>
/// <param name="Origin">Its lower corner, where both are 0.</param>
/// <param name="Along">Unit vector along it.</param>
/// <param name="Length">Metres along.</param>
/// <param name="Height">Metres up.</param>
/// <param name="Normal">Unit vector away from it.</param>
internal readonly record struct Facade(Vector3 Origin, Vector3 Along, float Length, float Height, Vector3 Normal)
{
    /// <summary>A rectangle on the wall, or in front of it.</summary>
    /// <param name="left">Metres along, lower end.</param>
    /// <param name="right">Metres along, upper end.</param>
    /// <param name="bottom">Metres up, lower end.</param>
    /// <param name="top">Metres up, upper end.</param>
    /// <param name="offset">Metres in front of the wall.</param>
    public Vector3[] Rectangle(float left, float right, float bottom, float top, float offset = 0f) =>
        [At(left, bottom, offset), At(right, bottom, offset), At(right, top, offset), At(left, top, offset)];

    /// <summary>A point on the wall, or in front of it.</summary>
    public Vector3 At(float along, float up, float offset = 0f) => Origin + (Along * along) + (Vector3.UnitY * up) + (Normal * offset);
}
