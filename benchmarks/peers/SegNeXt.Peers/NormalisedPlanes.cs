using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegNeXt.Core;

namespace SegNeXt.Peers;

/// <summary>
/// From 8-bit pixels R, G, B to normalised float32 planes, what a graph runtime is fed with: by vectors of 16 pixels and on as
/// many threads as the runtime has.
/// </summary>
internal static class NormalisedPlanes
{
    private const int Rows = 32;

    /// <summary>Where in three vectors of 16 bytes, 48 in all, the 16 bytes of each plane lie; 255 gives 0.</summary>
    private static readonly Vector128<byte>[] s_places = [.. Enumerable.Range(0, 9).Select(i => Places(i / 3, i % 3))];

    public static float[] From(RgbImage picture, int threads)
    {
        float[] planes = [];
        Into(picture, threads, ref planes);
        return planes;
    }

    /// <summary>Fills <paramref name="planes"/>, <c>[3, H, W]</c>, which is made anew where its length is another.</summary>
    public static void Into(RgbImage picture, int threads, ref float[] planes)
    {
        int pixels = picture.Width * picture.Height;
        if (planes.Length != 3 * pixels)
        {
            planes = new float[3 * pixels];
        }

        float[] target = planes, scale = [.. ModelConfig.ImageNetStd.Select(std => (float)(1 / std))];
        float[] shift = [.. ModelConfig.ImageNetMean.Zip(ModelConfig.ImageNetStd, (mean, std) => (float)(-mean / std))];
        int band = Rows * picture.Width;
        Parallel.For(0, (pixels + band - 1) / band, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            int start = i * band, count = Math.Min(band, pixels - start);
            Convert(
                picture.Pixels.AsSpan(start * 3, count * 3),
                target.AsSpan(start, count), target.AsSpan(pixels + start, count), target.AsSpan((2 * pixels) + start, count), scale, shift);
        });
    }

    private static void Convert(ReadOnlySpan<byte> pixels, Span<float> red, Span<float> green, Span<float> blue, float[] scale, float[] shift)
    {
        int whole = red.Length / 16 * 16;
        for (int i = 0; i < whole; i += 16)
        {
            ReadOnlySpan<Vector128<byte>> source = MemoryMarshal.Cast<byte, Vector128<byte>>(pixels.Slice(3 * i, 48));
            Store(source, 0, red[i..], scale[0], shift[0]);
            Store(source, 1, green[i..], scale[1], shift[1]);
            Store(source, 2, blue[i..], scale[2], shift[2]);
        }

        for (int i = whole; i < red.Length; i++)
        {
            red[i] = (pixels[3 * i] * scale[0]) + shift[0];
            green[i] = (pixels[(3 * i) + 1] * scale[1]) + shift[1];
            blue[i] = (pixels[(3 * i) + 2] * scale[2]) + shift[2];
        }
    }

    private static void Store(ReadOnlySpan<Vector128<byte>> source, int channel, Span<float> plane, float scale, float shift)
    {
        Vector128<byte> bytes = Vector128.Shuffle(source[0], s_places[3 * channel])
            | Vector128.Shuffle(source[1], s_places[(3 * channel) + 1])
            | Vector128.Shuffle(source[2], s_places[(3 * channel) + 2]);
        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes)));
        (Vector256.ConvertToSingle(low.AsInt32()) * scale + Vector256.Create(shift)).CopyTo(plane);
        (Vector256.ConvertToSingle(high.AsInt32()) * scale + Vector256.Create(shift)).CopyTo(plane[8..]);
    }

    private static Vector128<byte> Places(int channel, int vector)
    {
        var places = new byte[16];
        for (int i = 0; i < 16; i++)
        {
            int place = (3 * i) + channel - (16 * vector);
            places[i] = place is >= 0 and < 16 ? (byte)place : (byte)255;
        }

        return Vector128.Create(places);
    }
}
