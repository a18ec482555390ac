using System.Numerics;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>What a camera adds: a little blur, darker corners, automatic exposure, noise.</summary>
internal static class Lens
{
    /// <summary>Turns ideal colours into a photograph of 8 bits.</summary>
    /// <param name="colours">R, G, B from 0 to 1, changed.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="random">Where the numbers come from.</param>
    public static RgbImage Develop(Vector3[] colours, int width, int height, ref SampleRandom random)
    {
        float blur = (float)random.NextDouble(0.04, 0.16);
        float exposure = Exposure(colours, (float)random.NextDouble(0.42, 0.52));
        float contrast = (float)random.NextDouble(0.95, 1.15);
        float noise = (float)random.NextDouble(0.006, 0.02);
        Blur(colours, width, height, blur);
        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                float u = ((x + 0.5f) / width) - 0.5f;
                float v = ((y + 0.5f) / height) - 0.5f;
                float corner = 1f - (0.30f * ((u * u) + (v * v)));
                Vector3 c = colours[(y * width) + x] * (exposure * corner);
                c = ((c - new Vector3(0.45f)) * contrast) + new Vector3(0.45f);

                // The sum of three uniform numbers is near enough to a normal one; each takes 21 of 64 random bits.
                ulong bits = random.NextUInt64();
                float grain = ((((bits & 0x1FFFFF) + ((bits >> 21) & 0x1FFFFF) + (bits >> 43)) * (2f / (1 << 21))) - 3f) * noise;
                int p = ((y * width) + x) * 3;
                for (int channel = 0; channel < 3; channel++)
                {
                    image.Pixels[p + channel] = (byte)Math.Clamp(((c[channel] + grain) * 255f) + 0.5f, 0f, 255f);
                }
            }
        }

        return image;
    }

    /// <summary>The gain that brings the mean most of the way to the wanted one, as a camera's exposure control does.</summary>
    private static float Exposure(Vector3[] colours, float wanted)
    {
        double sum = 0;
        foreach (Vector3 c in colours)
        {
            sum += Vector3.Dot(c, new Vector3(0.299f, 0.587f, 0.114f));
        }

        return MathF.Pow(wanted / Math.Max(0.05f, (float)(sum / colours.Length)), 0.65f);
    }

    /// <summary>Three taps along each axis: <paramref name="side"/>, the rest, <paramref name="side"/>.</summary>
    private static void Blur(Vector3[] colours, int width, int height, float side)
    {
        for (int y = 0; y < height; y++)
        {
            BlurLine(colours, y * width, 1, width, side);
        }

        for (int x = 0; x < width; x++)
        {
            BlurLine(colours, x, width, height, side);
        }
    }

    private static void BlurLine(Vector3[] colours, int start, int step, int count, float side)
    {
        Vector3 before = colours[start];
        for (int i = 0; i < count; i++)
        {
            int at = start + (i * step);
            Vector3 here = colours[at];
            Vector3 after = i + 1 < count ? colours[at + step] : here;
            colours[at] = (here * (1f - (2f * side))) + ((before + after) * side);
            before = here;
        }
    }
}
