using System.Numerics;

namespace SegNeXt.Data;

/// <summary>
/// OpenCV's 8-bit HSV: H in 0–179 (degrees / 2), S and V in 0–255. Portable vectors of 32-bit lanes; each lane does
/// the same operations in the same order whatever their number, so results agree on every machine. The native forms of
/// minimum and conversion differ from the others in what they make of NaN and of too large numbers; here are neither.
/// </summary>
internal static class Hsv
{
    /// <summary>Number of hues; hue is an angle modulo this.</summary>
    public const int Hues = 180;

    private const int Shift = 12;

    /// <summary>
    /// RGB to HSV, OpenCV's fixed-point rule (<c>RGB2HSV_b</c>) exactly: quotients by tables of 12 fractional bits, here
    /// computed instead of looked up.
    /// </summary>
    public static void FromRgb(Vector<int> r, Vector<int> g, Vector<int> b, out Vector<int> h, out Vector<int> s, out Vector<int> v)
    {
        v = Vector.Max(r, Vector.Max(g, b));
        Vector<int> difference = v - Vector.Min(r, Vector.Min(g, b));
        Vector<int> half = new(1 << (Shift - 1));

        s = Vector.ShiftRightArithmetic((difference * Reciprocal(255 << Shift, v)) + half, Shift);

        Vector<int> sector = Vector.ConditionalSelect(
            Vector.Equals(v, r),
            g - b,
            Vector.ConditionalSelect(Vector.Equals(v, g), b - r + (difference * 2), r - g + (difference * 4)));
        h = Vector.ShiftRightArithmetic((sector * Reciprocal((Hues / 6) << Shift, difference)) + half, Shift);
        h += Vector.LessThan(h, Vector<int>.Zero) & new Vector<int>(Hues);
    }

    /// <summary>
    /// HSV to RGB in float32, rounded to nearest. OpenCV rounds some pixels and cuts others, depending on its
    /// vector length; the results differ by at most 1.
    /// </summary>
    public static void ToRgb(Vector<int> h, Vector<int> s, Vector<int> v, out Vector<int> r, out Vector<int> g, out Vector<int> b)
    {
        Vector<float> angle = Vector.ConvertToSingle(h) * (6f / Hues);
        Vector<float> value = Vector.ConvertToSingle(v);
        Vector<float> chroma = value * Vector.ConvertToSingle(s) * (1f / 255f);
        r = Channel(5f, angle, value, chroma);
        g = Channel(3f, angle, value, chroma);
        b = Channel(1f, angle, value, chroma);
    }

    /// <summary><c>v − c · clamp(min(k, 4 − k), 0, 1)</c> with <c>k = (n + h) mod 6</c>.</summary>
    private static Vector<int> Channel(float n, Vector<float> angle, Vector<float> value, Vector<float> chroma)
    {
        Vector<float> k = angle + new Vector<float>(n);
        Vector<float> six = new(6f);
        k -= Vector.ConditionalSelect(Vector.GreaterThanOrEqual(k, six), six, Vector<float>.Zero);
        Vector<float> share = Vector.MinNative(Vector.MaxNative(Vector.MinNative(k, new Vector<float>(4f) - k), Vector<float>.Zero), Vector<float>.One);
        return Vector.ConvertToInt32Native(value - (chroma * share) + new Vector<float>(0.5f));
    }

    /// <summary><c>round(numerator / divisor)</c>, and 0 where the divisor is 0.</summary>
    private static Vector<int> Reciprocal(int numerator, Vector<int> divisor)
    {
        // Exact: the numerator has at most 20 bits, so the float32 quotient errs by less than the distance to a tie.
        Vector<float> quotient = Vector.Round(new Vector<float>(numerator) / Vector.ConvertToSingle(Vector.Max(divisor, Vector<int>.One)));
        return Vector.ConvertToInt32Native(quotient) & ~Vector.Equals(divisor, Vector<int>.Zero);
    }
}
