namespace SegNeXt.Data;

/// <summary>
/// Where each pixel of a warped picture comes from, in pixels, centres at i + ½:
/// <c>x' = XX·x + XY·y + X0</c>, <c>y' = YX·x + YY·y + Y0</c>.
/// </summary>
/// <remarks>As Pillow's <c>transform(AFFINE, BILINEAR)</c>; what comes from outside has a colour of its own.</remarks>
internal readonly record struct AffineWarp(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    private const int Channels = 3;

    /// <summary>Rows moved sideways, the farther down the more.</summary>
    public static AffineWarp ShearX(double amount) => new(1, amount, 0, 0, 1, 0);

    /// <summary>Columns moved up or down, the farther right the more.</summary>
    public static AffineWarp ShearY(double amount) => new(1, 0, 0, amount, 1, 0);

    /// <summary>Moved by a number of pixels.</summary>
    public static AffineWarp Translate(double x, double y) => new(1, 0, x, 0, 1, y);

    /// <summary>Turned about the centre, counter-clockwise.</summary>
    public static AffineWarp Rotate(double degrees, int width, int height)
    {
        double angle = -degrees * Math.PI / 180;
        double cos = Math.Cos(angle), sin = Math.Sin(angle);
        double x = width / 2.0, y = height / 2.0;
        return new AffineWarp(cos, sin, x - (cos * x) - (sin * y), -sin, cos, y + (sin * x) - (cos * y));
    }

    /// <summary>Warps pixels in place.</summary>
    /// <param name="rgb">The pixels, <c>[H, W, 3]</c>.</param>
    /// <param name="width">Columns W.</param>
    /// <param name="fill">R, G, B of what comes from outside.</param>
    /// <param name="scratch">As many bytes, whatever they hold.</param>
    public void Apply(Span<byte> rgb, int width, ReadOnlySpan<byte> fill, Span<byte> scratch)
    {
        int height = rgb.Length / (width * Channels);
        rgb.CopyTo(scratch);
        ReadOnlySpan<byte> from = scratch[..rgb.Length];
        int p = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, p += Channels)
            {
                double u = (XX * (x + 0.5)) + (XY * (y + 0.5)) + X0;
                double v = (YX * (x + 0.5)) + (YY * (y + 0.5)) + Y0;
                if (!(u >= 0 && u < width && v >= 0 && v < height))
                {
                    fill[..Channels].CopyTo(rgb[p..]);
                    continue;
                }

                Sample(from, width, height, (float)(u - 0.5), (float)(v - 0.5), rgb.Slice(p, Channels));
            }
        }
    }

    private static void Sample(ReadOnlySpan<byte> from, int width, int height, float u, float v, Span<byte> result)
    {
        int left = (int)MathF.Floor(u), top = (int)MathF.Floor(v);
        float right = u - left, low = v - top;
        int x0 = Math.Max(left, 0) * Channels, x1 = Math.Min(left + 1, width - 1) * Channels;
        ReadOnlySpan<byte> above = from.Slice(Math.Max(top, 0) * width * Channels, width * Channels);
        ReadOnlySpan<byte> below = from.Slice(Math.Min(top + 1, height - 1) * width * Channels, width * Channels);
        for (int c = 0; c < Channels; c++)
        {
            float a = above[x0 + c] + (right * (above[x1 + c] - above[x0 + c]));
            float b = below[x0 + c] + (right * (below[x1 + c] - below[x0 + c]));
            result[c] = (byte)(a + (low * (b - a)) + 0.5f);
        }
    }
}
