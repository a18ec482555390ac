namespace SegNeXt.Kernels;

/// <summary>One row of pixels of a depth-wise convolution, cut into <see cref="DepthWiseTile"/>s.</summary>
internal static unsafe class DepthWiseRow
{
    /// <summary>Computes pixels 0 to <paramref name="pixels"/> − 1 of a row.</summary>
    public static void Run<TSimd, TVector>(
        float** taps, DepthWiseTaps weights, nint pixelStride, float* target, nint targetStride, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        Run<TSimd, TVector>(taps, weights.Count, weights.WeightData, weights.Channels, weights.BiasData, weights.Channels, pixelStride, target, targetStride, pixels);

    /// <summary>The same with the weights wherever they are.</summary>
    public static void Run<TSimd, TVector>(
        float** taps, int count, float* weights, nint weightStride, float* bias, int channels, nint pixelStride, float* target, nint targetStride, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int x = 0;
        if (TSimd.TileRows == 12)
        {
            x = Tiles<TSimd, TVector, Size12>(taps, count, weights, weightStride, bias, channels, pixelStride, target, targetStride, x, pixels);
            x = Tiles<TSimd, TVector, Size8>(taps, count, weights, weightStride, bias, channels, pixelStride, target, targetStride, x, pixels);
            x = Tiles<TSimd, TVector, Size4>(taps, count, weights, weightStride, bias, channels, pixelStride, target, targetStride, x, pixels);
        }
        else
        {
            x = Tiles<TSimd, TVector, Size6>(taps, count, weights, weightStride, bias, channels, pixelStride, target, targetStride, x, pixels);
            x = Tiles<TSimd, TVector, Size2>(taps, count, weights, weightStride, bias, channels, pixelStride, target, targetStride, x, pixels);
        }

        Tiles<TSimd, TVector, Size1>(taps, count, weights, weightStride, bias, channels, pixelStride, target, targetStride, x, pixels);
    }

    private static int Tiles<TSimd, TVector, TPixels>(
        float** taps, int count, float* weights, nint weightStride, float* bias, int channels, nint pixelStride, float* target, nint targetStride, int x, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        int wide = channels / (2 * TSimd.Count) * (2 * TSimd.Count);
        for (; x + TPixels.Count <= pixels; x += TPixels.Count)
        {
            nint from = x * pixelStride;
            float* to = target + (x * targetStride);
            for (int c = 0; c < wide; c += 2 * TSimd.Count)
            {
                DepthWiseTile.Run<TSimd, TVector, TPixels, Size2>(taps, count, from + c, pixelStride, weights + c, weightStride, bias + c, to + c, targetStride);
            }

            if (wide < channels)
            {
                DepthWiseTile.Run<TSimd, TVector, TPixels, Size1>(taps, count, from + wide, pixelStride, weights + wide, weightStride, bias + wide, to + wide, targetStride);
            }
        }

        return x;
    }
}
