namespace SegNeXt.Kernels;

/// <summary>One row of pixels of a depth-wise convolution, cut into <see cref="DepthWiseTile"/>s.</summary>
internal static unsafe class DepthWiseRow
{
    /// <summary>Computes pixels 0 to <paramref name="pixels"/> − 1 of a row.</summary>
    public static void Run<TSimd, TVector>(
        float** taps, DepthWiseTaps weights, nint pixelStride, float* target, nint targetStride, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int x = 0;
        if (TSimd.TileRows == 12)
        {
            x = Tiles<TSimd, TVector, Size12>(taps, weights, pixelStride, target, targetStride, x, pixels);
            x = Tiles<TSimd, TVector, Size4>(taps, weights, pixelStride, target, targetStride, x, pixels);
        }
        else
        {
            x = Tiles<TSimd, TVector, Size6>(taps, weights, pixelStride, target, targetStride, x, pixels);
            x = Tiles<TSimd, TVector, Size2>(taps, weights, pixelStride, target, targetStride, x, pixels);
        }

        Tiles<TSimd, TVector, Size1>(taps, weights, pixelStride, target, targetStride, x, pixels);
    }

    private static int Tiles<TSimd, TVector, TPixels>(
        float** taps, DepthWiseTaps weights, nint pixelStride, float* target, nint targetStride, int x, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        int channels = weights.Channels;
        int wide = channels / (2 * TSimd.Count) * (2 * TSimd.Count);
        float* w = weights.WeightData;
        float* bias = weights.BiasData;
        for (; x + TPixels.Count <= pixels; x += TPixels.Count)
        {
            nint from = x * pixelStride;
            float* to = target + (x * targetStride);
            for (int c = 0; c < wide; c += 2 * TSimd.Count)
            {
                DepthWiseTile.Run<TSimd, TVector, TPixels, Size2>(taps, weights.Count, from + c, pixelStride, w + c, channels, bias + c, to + c, targetStride);
            }

            if (wide < channels)
            {
                DepthWiseTile.Run<TSimd, TVector, TPixels, Size1>(taps, weights.Count, from + wide, pixelStride, w + wide, channels, bias + wide, to + wide, targetStride);
            }
        }

        return x;
    }
}
