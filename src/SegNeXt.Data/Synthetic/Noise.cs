namespace SegNeXt.Data;

/// <summary>Smooth random patterns over the plane.</summary>
internal static class Noise
{
    /// <summary>Value noise in [0, 1): random numbers at whole coordinates, smoothly blended.</summary>
    public static float Value(float x, float y, uint seed)
    {
        float fx = MathF.Floor(x);
        float fy = MathF.Floor(y);
        int ix = (int)fx;
        int iy = (int)fy;
        float u = Smooth(x - fx);
        float v = Smooth(y - fy);
        float top = Lerp(Hash(ix, iy, seed), Hash(ix + 1, iy, seed), u);
        float bottom = Lerp(Hash(ix, iy + 1, seed), Hash(ix + 1, iy + 1, seed), u);
        return Lerp(top, bottom, v);
    }

    /// <summary>Octaves of value noise, each twice as fine and half as strong, in [0, 1).</summary>
    public static float Cloud(float x, float y, uint seed, int octaves)
    {
        float sum = 0f;
        float weight = 0.5f;
        float total = 0f;
        for (int i = 0; i < octaves; i++)
        {
            sum += weight * Value(x, y, seed + (uint)i);
            total += weight;
            weight *= 0.5f;
            x = (x * 2f) + 17.3f;
            y = (y * 2f) + 5.7f;
        }

        return sum / total;
    }

    /// <summary>A random number in [0, 1) for a cell.</summary>
    public static float Hash(int x, int y, uint seed)
    {
        uint h = ((uint)x * 0x9E3779B1) ^ ((uint)y * 0x85EBCA77) ^ (seed * 0xC2B2AE3D);
        h = (h ^ (h >> 15)) * 0x2C1B3C6D;
        h = (h ^ (h >> 12)) * 0x297A2D39;
        return ((h ^ (h >> 15)) >> 8) * (1f / (1 << 24));
    }

    private static float Smooth(float t) => t * t * (3f - (2f * t));

    private static float Lerp(float a, float b, float t) => a + ((b - a) * t);
}
