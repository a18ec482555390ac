using System.Numerics;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Renders pictures of made-up streets with exact labels: material for a first training that needs no download. One seed
/// gives one picture.
/// </summary>
public static partial class StreetScenes
{
    /// <summary>The classes: names and colours in the order of their ids.</summary>
    public static ClassSet Classes { get; } = new(
        "streets",
        ["sky", "building", "road", "pavement", "vegetation", "car", "person", "pole", "sign"],
        [0x87B5E0, 0x8C5A46, 0x6B5B7B, 0xC9B8A8, 0x5C9A3A, 0x2A56C6, 0xE0473C, 0xB0B4B8, 0xF0C419]);

    /// <summary>Renders one picture.</summary>
    /// <param name="seed">Any number; the same one gives the same picture.</param>
    /// <param name="width">Columns, at least 32.</param>
    /// <param name="height">Rows, at least 32.</param>
    /// <returns>The picture and its class ids (<see cref="Classes"/>); 255 where the classes of a pixel are too mixed to tell.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size below 32.</exception>
    public static Sample Render(long seed, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 32);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 32);
        SampleRandom random = new(Seeds.For(seed, "street", 0));
        Lighting light = Lighting.Draw(ref random);
        StreetPlan plan = StreetPlan.Draw(ref random);
        float lane = ((plan.Lanes - 1) * plan.LaneWidth * (float)random.NextDouble(0, 1)) + (plan.LaneWidth * (float)random.NextDouble(0.35, 0.8));
        Camera camera = new(
            new Vector3(lane, (float)random.NextDouble(1.4, 2.5), 0f),
            new Vector2(width * (float)random.NextDouble(0.34, 0.58), height * (float)random.NextDouble(0.36, 0.48)),
            Math.Min(width, height * 4f / 3f) * (float)random.NextDouble(0.75, 0.95));
        Scene scene = new(new Canvas(width, height), camera, light, plan, random);
        SkyPainter.PaintSky(scene);
        SkyPainter.PaintSkyline(scene);
        GroundPainter.Paint(scene);
        StreetLife.Paint(scene);
        (Vector3[] colours, LabelMap label) = scene.Canvas.Resolve();
        return new Sample(Lens.Develop(colours, width, height, ref scene.Random), label);
    }
}
