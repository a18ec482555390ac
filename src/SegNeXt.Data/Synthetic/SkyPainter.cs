using System.Numerics;

namespace SegNeXt.Data;

/// <summary>The sky with its clouds, and what is seen of the town far away.</summary>
internal static class SkyPainter
{
    /// <summary>Paints the sky over the whole canvas.</summary>
    public static void PaintSky(Scene scene)
    {
        Canvas canvas = scene.Canvas;
        SkyPaint paint = new(scene.Light, scene.Camera, (uint)scene.Random.NextInt(0, 1 << 20));
        canvas.Fill([new(0, 0), new(canvas.Width, 0), new(canvas.Width, canvas.Height), new(0, canvas.Height)], paint, StreetClass.Sky);
    }

    /// <summary>Roofs and tree tops along the horizon.</summary>
    public static void PaintSkyline(Scene scene)
    {
        for (int row = 0; row < 3; row++)
        {
            float z = 240f - (row * 60f);
            float halfWidth = scene.Canvas.Width * z / scene.Camera.Focal;
            for (float x = -halfWidth; x < halfWidth;)
            {
                float width = scene.Uniform(8, 26);
                if (scene.Random.NextBool(0.6))
                {
                    float height = scene.Uniform(6, 22 - (row * 4));
                    scene.Flat(Block(x, width, height, z), scene.Light.Shade(scene.Vary(new Vector3(0.55f, 0.50f, 0.46f), 0.2f), -Vector3.UnitZ), StreetClass.Building);
                }
                else
                {
                    Vector3 green = scene.Light.Shade(scene.Vary(new Vector3(0.24f, 0.34f, 0.16f), 0.2f), Vector3.Normalize(new(0, 1, -1)));
                    for (int i = 0; i < 6; i++)
                    {
                        float w = width * scene.Uniform(0.25, 0.5);
                        scene.Flat(Block(x + (width * i / 7f), w, scene.Uniform(5, 13), z), green * scene.Uniform(0.9, 1.1), StreetClass.Vegetation);
                    }
                }

                x += width * scene.Uniform(0.7, 1.0);
            }
        }
    }

    private static Vector3[] Block(float x, float width, float height, float z) =>
    [
        new(x, -3, z), new(x, height * 0.9f, z), new(x + (width * 0.2f), height, z), new(x + (width * 0.8f), height, z),
        new(x + width, height * 0.9f, z), new(x + width, -3, z),
    ];

    /// <summary>A gradient to the horizon, with clouds that flatten towards it.</summary>
    private sealed class SkyPaint(Lighting light, Camera camera, uint seed) : Paint
    {
        public override Vector3 At(float x, float y)
        {
            float up = Math.Max(0f, (camera.Centre.Y - y) / camera.Focal);
            Vector3 sky = Vector3.Lerp(light.SkyHorizon, light.SkyTop, 1f - MathF.Exp(-3.2f * up));

            // The cloud layer as a plane overhead: nearer to the horizon it is farther away and closer together.
            float stretch = 1f / (up + 0.22f);
            float u = (x - camera.Centre.X) / camera.Focal * stretch * 1.6f;
            float density = Noise.Cloud(u + 40f, stretch * 2.2f, seed, 5);
            float cover = Math.Clamp((density - 0.78f + (0.62f * light.Clouds)) * 4.5f, 0f, 1f);
            float thick = Math.Clamp((density - 0.55f) * 2f, 0f, 1f);
            Vector3 cloud = Vector3.Lerp(light.Cloud, (light.Cloud * 0.72f) + (light.SkyTop * 0.12f), thick);
            float fade = Math.Clamp(up * 6f, 0f, 1f);
            return Vector3.Lerp(sky, cloud, cover * 0.88f * fade);
        }
    }
}
