using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
        Vector<float> factor = new(saturation);
        Vector<int> turn = new(hue);
        int done = 0;
        if (Avx2.IsSupported && Vector<int>.Count == 8)
        {
            for (; done + PixelBlock.Bytes <= rgb.Length; done += PixelBlock.Bytes)
            {
                Span<byte> block = rgb.Slice(done, PixelBlock.Bytes);
                PixelBlock.Load(block, out Vector128<byte> r, out Vector128<byte> g, out Vector128<byte> b);
                Vector<int> lowR = Low(r), lowG = Low(g), lowB = Low(b);
                Vector<int> highR = High(r), highG = High(g), highB = High(b);
                Change(ref lowR, ref lowG, ref lowB, factor, turn);
                Change(ref highR, ref highG, ref highB, factor, turn);
                PixelBlock.Store(Join(lowR, highR), Join(lowG, highG), Join(lowB, highB), block);
            }
        }

        ApplyAnywhere(rgb[done..], factor, turn);
        ByteTable.Map(rgb, table);
    }

    /// <summary>For machines of other vectors, and for what is left of a row of blocks.</summary>
    private static void ApplyAnywhere(Span<byte> rgb, Vector<float> factor, Vector<int> turn)
    {
        int lanes = Vector<int>.Count;
        Span<int> r = stackalloc int[lanes];
        Span<int> g = stackalloc int[lanes];
        Span<int> b = stackalloc int[lanes];
        for (int start = 0; start < rgb.Length; start += 3 * lanes)
        {
            Span<byte> pixels = rgb[start..Math.Min(start + (3 * lanes), rgb.Length)];
            for (int i = 0, p = 0; p < pixels.Length; i++, p += 3)
            {
                r[i] = pixels[p];
                g[i] = pixels[p + 1];
                b[i] = pixels[p + 2];
            }

            Vector<int> newR = new(r);
            Vector<int> newG = new(g);
            Vector<int> newB = new(b);
            Change(ref newR, ref newG, ref newB, factor, turn);
            newR.CopyTo(r);
            newG.CopyTo(g);
            newB.CopyTo(b);
            for (int i = 0, p = 0; p < pixels.Length; i++, p += 3)
            {
                pixels[p] = (byte)r[i];
                pixels[p + 1] = (byte)g[i];
                pixels[p + 2] = (byte)b[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Change(ref Vector<int> r, ref Vector<int> g, ref Vector<int> b, Vector<float> factor, Vector<int> turn)
    {
        Hsv.FromRgb(r, g, b, out Vector<int> h, out Vector<int> s, out Vector<int> v);
        s = Vector.ConvertToInt32Native(Vector.MinNative(Vector.ConvertToSingle(s) * factor, new Vector<float>(255f)));
        h += turn;
        h += Vector.LessThan(h, Vector<int>.Zero) & new Vector<int>(Hsv.Hues);
        h -= Vector.GreaterThanOrEqual(h, new Vector<int>(Hsv.Hues)) & new Vector<int>(Hsv.Hues);
        Hsv.ToRgb(h, s, v, out r, out g, out b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Low(Vector128<byte> values) => Avx2.ConvertToVector256Int32(values).AsVector();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> High(Vector128<byte> values) => Avx2.ConvertToVector256Int32(Sse2.ShiftRightLogical128BitLane(values, 8)).AsVector();

    /// <summary>Sixteen values of 0 to 255 as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Join(Vector<int> low, Vector<int> high)
    {
        Vector256<ushort> words = Vector256.Narrow(low.AsVector256().AsUInt32(), high.AsVector256().AsUInt32());
        return Vector128.Narrow(words.GetLower(), words.GetUpper());
    }
}
