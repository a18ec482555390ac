using System.Numerics;

namespace SegNeXt.Data;

/// <summary>
/// A car as the outline of its side, from the rear bumper over the roof to the front bumper. X of a point is along the car (front
/// positive), Y up, in metres.
/// </summary>
/// <param name="Outline">The points; the first and last are at the bottom.</param>
/// <param name="Cabin">Index of the first point of the cabin; the cabin has four: rear window, roof, roof, windscreen.</param>
/// <param name="HalfWidth">Half of its width, in metres.</param>
/// <param name="Axle">Distance of the axles from the middle.</param>
internal sealed record CarShape(Vector2[] Outline, int Cabin, float HalfWidth, float Axle)
{
    /// <summary>Radius of the wheels.</summary>
    public const float Wheel = 0.33f;

    /// <summary>The kinds that the streets have.</summary>
    public static CarShape[] All { get; } =
    [
        // Saloon.
        new(
            [new(-2.2f, 0.32f), new(-2.22f, 0.72f), new(-2.1f, 0.98f), new(-1.55f, 1.02f), new(-0.95f, 1.44f), new(0.35f, 1.46f), new(1.1f, 1.0f), new(2.05f, 0.82f), new(2.22f, 0.6f), new(2.2f, 0.32f)],
            3, 0.90f, 1.35f),

        // Hatchback.
        new(
            [new(-1.9f, 0.32f), new(-1.95f, 0.7f), new(-1.9f, 0.98f), new(-1.85f, 1.0f), new(-1.5f, 1.48f), new(0.25f, 1.52f), new(1.0f, 1.04f), new(1.8f, 0.86f), new(1.95f, 0.6f), new(1.92f, 0.32f)],
            3, 0.87f, 1.22f),

        // Estate or off-roader.
        new(
            [new(-2.2f, 0.38f), new(-2.25f, 0.8f), new(-2.2f, 1.08f), new(-2.15f, 1.1f), new(-1.95f, 1.68f), new(0.4f, 1.72f), new(1.1f, 1.14f), new(2.05f, 0.98f), new(2.25f, 0.7f), new(2.2f, 0.38f)],
            3, 0.95f, 1.35f),

        // Van.
        new(
            [new(-2.4f, 0.38f), new(-2.42f, 0.8f), new(-2.42f, 1.1f), new(-2.4f, 1.12f), new(-2.3f, 2.05f), new(1.1f, 2.08f), new(1.75f, 1.2f), new(2.3f, 1.05f), new(2.42f, 0.7f), new(2.4f, 0.38f)],
            3, 0.98f, 1.5f),
    ];

    /// <summary>Half of the width at a height: the cabin leans inwards.</summary>
    public float HalfWidthAt(float height)
    {
        float belt = Outline[Cabin].Y;
        return height <= belt ? HalfWidth : HalfWidth - (0.22f * Math.Min(1f, (height - belt) / 0.5f));
    }
}
