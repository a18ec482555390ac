using System.Numerics;

namespace SegNeXt.Data;

/// <summary>Scales the saturation and turns the hue of RGB pixels.</summary>
internal static class HueSaturation
{
    /// <summary>
    /// Changes pixels in place: to HSV, S scaled (clipped, cut to an integer), H turned, back, then each byte through
    /// a table. Saturation and hue share one trip through HSV, where the released code makes two; the difference is
    /// the rounding to bytes in between.
    /// </summary>
    /// <param name="rgb">Interleaved R, G, B.</param>
    /// <param name="saturation">Factor of S; 1 leaves it.</param>
    /// <param name="hue">Added to H, in −180 to 180; 0 leaves it.</param>
    /// <param name="table">256 bytes applied last.</param>
    public static void Apply(Span<byte> rgb, float saturation, int hue, ReadOnlySpan<byte> table)
    {
        int lanes = Vector<int>.Count;
        Span<int> r = stackalloc int[lanes];
        Span<int> g = stackalloc int[lanes];
        Span<int> b = stackalloc int[lanes];
        Vector<float> factor = new(saturation);
        Vector<int> turn = new(hue);
        table = table[..ByteTable.Length];
        for (int start = 0; start < rgb.Length; start += 3 * lanes)
        {
            Span<byte> pixels = rgb[start..Math.Min(start + (3 * lanes), rgb.Length)];
            for (int i = 0, p = 0; p < pixels.Length; i++, p += 3)
            {
                r[i] = pixels[p];
                g[i] = pixels[p + 1];
                b[i] = pixels[p + 2];
            }

            Hsv.FromRgb(new Vector<int>(r), new Vector<int>(g), new Vector<int>(b), out Vector<int> h, out Vector<int> s, out Vector<int> v);
            s = Vector.ConvertToInt32(Vector.Min(Vector.ConvertToSingle(s) * factor, new Vector<float>(255f)));
            h += turn;
            h += Vector.LessThan(h, Vector<int>.Zero) & new Vector<int>(Hsv.Hues);
            h -= Vector.GreaterThanOrEqual(h, new Vector<int>(Hsv.Hues)) & new Vector<int>(Hsv.Hues);
            Hsv.ToRgb(h, s, v, out Vector<int> newR, out Vector<int> newG, out Vector<int> newB);

            newR.CopyTo(r);
            newG.CopyTo(g);
            newB.CopyTo(b);
            for (int i = 0, p = 0; p < pixels.Length; i++, p += 3)
            {
                pixels[p] = table[(byte)r[i]];
                pixels[p + 1] = table[(byte)g[i]];
                pixels[p + 2] = table[(byte)b[i]];
            }
        }
    }
}
