namespace SegNeXt.Core;

/// <summary>
/// 255 colours for classes without their own. The first eight are those of Okabe and Ito, dark grey in place of black, which
/// people with a colour-vision deficiency can tell apart; each next one is the colour farthest from all before it.
/// </summary>
/// <remarks>
/// Distances are in Oklab (B. Ottosson, 2020), lightness counting more and the red-green axis less, because
/// those are what most deficiencies keep and lose. Coordinates are integers, so the order is the same on every machine.
/// </remarks>
internal static class DefaultPalette
{
    private const int Step = 15;
    private const int Scale = 100_000;

    private static readonly Lazy<int[]> s_colours = new(Create);

    /// <summary>The colours, <c>0xRRGGBB</c>, all different.</summary>
    public static int[] Colours => s_colours.Value;

    private static int[] Create()
    {
        List<int> chosen = [0x3F3F3F, 0xE69F00, 0x56B4E9, 0x009E73, 0xF0E442, 0x0072B2, 0xD55E00, 0xCC79A7];
        (int Colour, Oklab Lab)[] candidates = [.. Candidates()];
        long[] nearest = new long[candidates.Length];
        Array.Fill(nearest, long.MaxValue);
        int counted = 0;
        while (chosen.Count < ClassSet.MaxClasses)
        {
            for (; counted < chosen.Count; counted++)
            {
                Oklab lab = Oklab.From(chosen[counted]);
                for (int i = 0; i < candidates.Length; i++)
                {
                    nearest[i] = Math.Min(nearest[i], lab.Distance(candidates[i].Lab));
                }
            }

            int best = 0;
            for (int i = 1; i < nearest.Length; i++)
            {
                best = nearest[i] > nearest[best] ? i : best;
            }

            chosen.Add(candidates[best].Colour);
        }

        return [.. chosen];
    }

    /// <summary>A grid over sRGB without the very dark and light, and without the garish.</summary>
    private static IEnumerable<(int Colour, Oklab Lab)> Candidates()
    {
        for (int r = 0; r < 256; r += Step)
        {
            for (int g = 0; g < 256; g += Step)
            {
                for (int b = 0; b < 256; b += Step)
                {
                    int colour = (r << 16) | (g << 8) | b;
                    Oklab lab = Oklab.From(colour);
                    if (lab.L is > Scale * 35 / 100 and < Scale * 93 / 100 && lab.ChromaSquared < (long)Scale * Scale * 3 / 100)
                    {
                        yield return (colour, lab);
                    }
                }
            }
        }
    }

    /// <summary>A colour by lightness, green to red, and blue to yellow, in units of 1 / <see cref="Scale"/>.</summary>
    private readonly record struct Oklab(int L, int A, int B)
    {
        public long ChromaSquared => ((long)A * A) + ((long)B * B);

        public static Oklab From(int colour)
        {
            double r = Linear(colour >> 16);
            double g = Linear((colour >> 8) & 255);
            double b = Linear(colour & 255);
            double l = Math.Cbrt((0.4122214708 * r) + (0.5363325363 * g) + (0.0514459929 * b));
            double m = Math.Cbrt((0.2119034982 * r) + (0.6806995451 * g) + (0.1073969566 * b));
            double s = Math.Cbrt((0.0883024619 * r) + (0.2817188376 * g) + (0.6299787005 * b));
            return new Oklab(
                Round((0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s)),
                Round((1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s)),
                Round((0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s)));
        }

        public long Distance(Oklab other)
        {
            long l = L - other.L;
            long a = A - other.A;
            long b = B - other.B;
            return (2 * l * l) + (a * a / 2) + (b * b);
        }

        private static int Round(double value) => (int)Math.Round(value * Scale);

        private static double Linear(int value)
        {
            double x = value / 255.0;
            return x <= 0.04045 ? x / 12.92 : Math.Pow((x + 0.055) / 1.055, 2.4);
        }
    }
}
